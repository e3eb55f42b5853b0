/**
 * The partition of a key: FNV-1a over its UTF-16 units, 32 bits.
 * Public-domain hash by Fowler, Noll and Vo (draft-eastlake-fnv); stable for ever, since keys must not move.
 */
export function partitionOf(key: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) {
    hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % partitions;
}
