import { formatMetricValue } from "../../ui/format.ts";

/** `12.3 MiB`. */
export const formatStoredBytes = (bytes: number) => formatMetricValue(bytes, "Bytes");
