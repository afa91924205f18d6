// A process of its own: prints the root of the SSZ on its standard input, which is a fork's object of a name.
// The types of @lodestar/types are those of one preset a process, which LODESTAR_PRESET names.
import { readFileSync } from 'node:fs'
import { ssz } from '@lodestar/types'

interface Hashable {
  deserializeToViewDU(bytes: Uint8Array): { hashTreeRoot(): Uint8Array }
}

const [fork, name] = process.argv.slice(2) as [string, string]
const types = (ssz as unknown as Record<string, Record<string, Hashable> | undefined>)[fork]
const type = types?.[name]
if (!type) throw new Error(`@lodestar/types has no ${name} of ${fork}`)
process.stdout.write(Buffer.from(type.deserializeToViewDU(readFileSync(0)).hashTreeRoot()).toString('hex'))
