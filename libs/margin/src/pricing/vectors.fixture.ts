import { readFileSync } from 'node:fs'

/** One of the public vectors of option prices that the repository keeps. */
export function openVectors(name: string): unknown {
  const path = new URL(`../../../../test/vectors/kept/option-pricing/${name}`, import.meta.url)
  return JSON.parse(readFileSync(path, 'utf8')) as unknown
}
