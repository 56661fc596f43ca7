/**
 * Buffers that are used again. A fresh one of some hundred KiB lies outside of the heap, and enough of them make the collector
 * run through the whole heap again and again.
 */
export interface BufferPool {
  /** At least `bytes` long; what it holds is left from before. */
  take(bytes: number): Buffer;
  /** Nobody may look at it from then on; once for each that was taken. */
  give(buffer: Buffer): void;
}

const smallestBytes = 2 ** 16;
const largestBytes = 2 ** 22;

/** Keeps at most `bytesMax`. Very small and very large buffers are made and forgotten. */
export function createBufferPool(bytesMax: number): BufferPool {
  const free = new Map<number, Buffer[]>();
  let kept = 0;
  return {
    take: (bytes) => {
      if (bytes < smallestBytes / 4 || bytes > largestBytes) return Buffer.allocUnsafe(bytes);
      let size = smallestBytes;
      while (size < bytes) size *= 2;
      const buffer = free.get(size)?.pop();
      if (!buffer) return Buffer.allocUnsafeSlow(size);
      kept -= size;
      return buffer;
    },
    give: (buffer) => {
      const size = buffer.length;
      const isPooled = size >= smallestBytes && size <= largestBytes && (size & (size - 1)) === 0;
      // A part of another one is not ours to hand out.
      if (!isPooled || buffer.buffer.byteLength !== size || kept + size > bytesMax) return;
      kept += size;
      const list = free.get(size);
      if (list) list.push(buffer);
      else free.set(size, [buffer]);
    },
  };
}
