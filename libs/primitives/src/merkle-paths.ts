/**
 * Paths of leaves of one tree, siblings upwards, each but the first without what it shares with the one
 * before: whoever reads them in their order has seen those nodes.
 */
export function shortenPaths<T>(
  paths: readonly (readonly T[])[],
  isEqual: (a: T, b: T) => boolean,
): (readonly T[])[] {
  return paths.map((path, i) => {
    const before = paths[i - 1] ?? []
    let common = 0
    while (common < Math.min(path.length, before.length)) {
      if (!isEqual(path.at(-1 - common)!, before.at(-1 - common)!)) break
      common++
    }
    return path.slice(0, path.length - common)
  })
}
