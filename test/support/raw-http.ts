import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection that says exactly what it is told, for what no HTTP client would send. */
export async function openRaw(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

/** Sends `text` and gives all that comes until the server closes the connection. */
export async function exchangeRaw(url: string, text: string | Buffer): Promise<string> {
  const socket = await openRaw(url);
  socket.write(text);
  return readToEnd(socket);
}

export async function readToEnd(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  await once(socket, "close");
  return Buffer.concat(chunks).toString("latin1");
}
