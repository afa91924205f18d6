import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const folder = new URL('../artifacts/', import.meta.url)
const hashes = JSON.parse(readFileSync(new URL('sha256.json', folder), 'utf8')) as Record<string, string>
const programs = readdirSync(new URL('../programs/', import.meta.url)).sort()
const ofTests = ['caller', 'probe', 'recorder-example']
const fileOf = (name: string) => (ofTests.includes(name) ? `../test/${name}/${name}.so` : `${name}.so`)

describe('the built programs', () => {
  it('are those of the folder of programs, and what tests load', () => {
    expect(Object.keys(hashes).sort()).toEqual([...programs, ...ofTests].sort())
    const files = readdirSync(folder).filter((file) => file.endsWith('.so'))
    expect(files.sort()).toEqual(programs.map((name) => `${name}.so`))
  })

  it.each(Object.entries(hashes))('%s has the hash that is written down', (name, hash) => {
    const bytes = readFileSync(new URL(fileOf(name), folder))
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash)
    // ELF of BPF, version 3 of Solana's
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('\u007fELF')
    expect(bytes.readUInt32LE(48)).toBe(3)
  })
})
