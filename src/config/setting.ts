import { BlockList, isIP } from "node:net";
import { Secret } from "../base/index.ts";

/**
 * A row of the settings table: how to read one value, what it is when nothing is given, and a sentence for the manual.
 * `parse` throws an Error whose message completes "NEPHO_X ".
 */
export interface Setting<T> {
  readonly parse: (text: string) => T;
  readonly default: T;
  /** The default as the manual shows it. */
  readonly defaultText: string;
  /** The values that are accepted, in words. */
  readonly type: string;
  readonly secret: boolean;
  readonly doc: string;
}

interface Common<T> {
  readonly doc: string;
  readonly default: T;
}

export function text(options: Common<string> & { pattern?: RegExp; type?: string }): Setting<string> {
  return {
    ...row(options, options.type ?? "text", options.default),
    parse: (value) => {
      if (options.pattern && !options.pattern.test(value))
        throw new Error(`must be ${options.type ?? "text"}`);
      return value;
    },
  };
}

export function optionalText(options: { doc: string; type?: string }): Setting<string | undefined> {
  return {
    ...row({ doc: options.doc, default: undefined }, options.type ?? "text", ""),
    parse: (value) => value,
  };
}

/** A secret has no default, may come from a file, and is wrapped so that it cannot be printed. */
export function secret(options: { doc: string }): Setting<Secret | undefined> {
  return {
    ...row({ doc: options.doc, default: undefined }, "secret", ""),
    secret: true,
    parse: (value) => new Secret(value),
  };
}

export function flag(options: Common<boolean>): Setting<boolean> {
  return {
    ...row(options, "true or false", String(options.default)),
    parse: (value) => {
      if (["true", "1", "yes", "on"].includes(value.toLowerCase())) return true;
      if (["false", "0", "no", "off"].includes(value.toLowerCase())) return false;
      throw new Error("must be true or false");
    },
  };
}

export function integer(
  options: Common<number> & { min: number; max: number; unit: string },
): Setting<number> {
  const type = `whole number of ${options.unit}, ${options.min} to ${options.max}`;
  return {
    ...row(options, type, String(options.default)),
    parse: (value) => {
      const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
      if (!(number >= options.min && number <= options.max)) throw new Error(`must be a ${type}`);
      return number;
    },
  };
}

/** An amount of US dollars; undefined unless one is given. */
export function optionalUsd(options: { doc: string; min: number; max: number }): Setting<number | undefined> {
  const type = `US dollars, ${options.min} to ${options.max}`;
  return {
    ...row({ doc: options.doc, default: undefined }, type, ""),
    parse: (value) => {
      const number = /^\d{1,12}(\.\d{1,6})?$/.test(value) ? Number(value) : Number.NaN;
      if (!(number >= options.min && number <= options.max)) throw new Error(`must be ${type}`);
      return number;
    },
  };
}

export function choice<const T extends string>(options: Common<T> & { values: readonly T[] }): Setting<T> {
  return {
    ...row(options, `one of ${options.values.join(", ")}`, options.default),
    parse: (value) => {
      const found = options.values.find((candidate) => candidate === value.toLowerCase());
      if (!found) throw new Error(`must be one of ${options.values.join(", ")}`);
      return found;
    },
  };
}

/** Comma-separated; an unknown value is an error, never dropped. */
export function list<const T extends string>(
  options: Common<readonly T[]> & { values?: readonly T[]; type: string },
): Setting<readonly T[]> {
  return {
    ...row(options, options.type, options.default.join(",")),
    parse: (value) => {
      const items = value
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== "");
      const unknown =
        options.values && items.find((item) => !options.values?.some((known) => known === item));
      if (unknown !== undefined)
        throw new Error(`has the unknown value "${unknown}"; known: ${options.values?.join(", ")}`);
      return items as unknown as readonly T[];
    },
  };
}

/** IP addresses and networks, comma-separated; none unless given. */
export function networks(options: { doc: string }): Setting<BlockList> {
  const type = "comma-separated, IP addresses and networks such as 10.0.0.0/8";
  return {
    ...row({ doc: options.doc, default: new BlockList() }, type, ""),
    parse: (value) => {
      const found = new BlockList();
      for (const item of value.split(",").map((part) => part.trim())) addNetwork(found, item);
      return found;
    },
  };
}

function addNetwork(list: BlockList, text: string): void {
  const [address = "", length, ...more] = text.split("/");
  const family = isIP(address);
  const longest = family === 6 ? 128 : 32;
  const prefix = length === undefined ? longest : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (family === 0 || more.length > 0 || !(prefix <= longest))
    throw new Error(`has "${text}", which is no address or network`);
  list.addSubnet(address, prefix, family === 6 ? "ipv6" : "ipv4");
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `host:port`; port 0 takes a free one. IPv6 hosts are written in brackets. */
export function listenAddress(options: { doc: string; default: string }): Setting<ListenAddress> {
  return {
    ...row({ doc: options.doc, default: parseListen(options.default) }, "host:port", options.default),
    parse: parseListen,
  };
}

function parseListen(value: string): ListenAddress {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:\s]+):(\d{1,5})$/.exec(value);
  const port = Number(match?.[2]);
  if (!match?.[1] || !(port <= 65_535)) throw new Error("must be host:port, such as 127.0.0.1:8080");
  return { host: match[1].replace(/^\[|\]$/g, ""), port };
}

function row<T>(common: Common<T>, type: string, defaultText: string): Omit<Setting<T>, "parse"> {
  return { default: common.default, defaultText, type, secret: false, doc: common.doc };
}
