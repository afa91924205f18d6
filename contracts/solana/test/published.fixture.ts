// The IDLs as others use them: Codama's own renderer makes a client for @solana/kit out of each.
import { readFileSync } from 'node:fs'
import { renderVisitor } from '@codama/renderers-js'
import type {
  DefinedTypeNode,
  InstructionAccountNode,
  ProgramNode,
  RootNode,
  StructFieldTypeNode,
  TypeNode,
} from '@codama/nodes'
import { createNoopSigner } from '@solana/kit'
import { PublicKey } from '@solana/web3.js'
import { sha256, utf8 } from '@causeway/primitives'

/** A module whose names are known from an IDL only. */
export type Module = Readonly<Record<string, (...inputs: unknown[]) => unknown>>

/** Names of the IDLs. */
export const IDLS = ['core', 'hub-client', 'vault', 'recorder', 'upload'] as const

/** An IDL as it stands in its file. */
export function readIdl(name: string): RootNode {
  return JSON.parse(readFileSync(new URL(`../idl/${name}.json`, import.meta.url), 'utf8')) as RootNode
}

/** An address, by a word. */
export function addressOf(word: string): string {
  return new PublicKey(sha256(utf8(word))).toBase58()
}

/** The client that Codama makes out of an IDL, the program being at an address. */
export async function publishedClient(name: string, program: string): Promise<Module> {
  const root = readIdl(name)
  const folder = new URL(`../.cache/published/${name}/`, import.meta.url)
  const at = { ...root, program: { ...root.program, publicKey: program } }
  const options = { formatCode: false, syncPackageJson: false, generatedFolder: '.' }
  await renderVisitor(folder.pathname, { ...options, kitImportStrategy: 'rootOnly' }).visitRoot(at as never)
  return (await import(/* @vite-ignore */ `${folder.pathname}index.ts`)) as Module
}

/** What is put in place of accounts: kit wants an account that signs as a signer. */
export function sampleAccount({ name, isSigner }: InstructionAccountNode): unknown {
  const address = addressOf(`account ${name}`)
  return isSigner === true ? createNoopSigner(address as never) : address
}

/** Values for fields, in kit's form; each different from the next. */
export function sampleFields(
  program: ProgramNode,
  fields: readonly Pick<StructFieldTypeNode, 'name' | 'type' | 'defaultValueStrategy'>[],
): Record<string, unknown> {
  const told = fields.filter((field) => field.defaultValueStrategy !== 'omitted')
  return Object.fromEntries(told.map(({ name, type }) => [name, sample(program, type, name)]))
}

function sample(program: ProgramNode, type: TypeNode, word: string): unknown {
  const seed = sha256(utf8(`${program.name} ${word}`))
  const number = seed[0]! + 1
  switch (type.kind) {
    case 'numberTypeNode':
      if (type.format === 'u8') return number % 256
      if (type.format === 'u128') return BigInt(`0x${Buffer.from(seed.subarray(0, 16)).toString('hex')}`)
      if (type.format === 'u64') return new DataView(seed.buffer).getBigUint64(0)
      return new DataView(seed.buffer).getUint16(0)
    case 'booleanTypeNode':
      return true
    case 'publicKeyTypeNode':
      return addressOf(word)
    case 'stringTypeNode':
      return `${word} “${number}”`
    case 'bytesTypeNode':
      return seed.subarray(0, 1 + (number % 31))
    case 'fixedSizeTypeNode':
      if (type.type.kind !== 'bytesTypeNode') return sample(program, type.type, word)
      return Uint8Array.from({ length: type.size }, (_, i) => seed[i % 32]! ^ i)
    case 'sizePrefixTypeNode':
      return sample(program, type.type, word)
    case 'arrayTypeNode': {
      const length = type.count.kind === 'fixedCountNode' ? type.count.value : 3
      return Array.from({ length }, (_, i) => sample(program, type.item, `${word} ${i}`))
    }
    case 'structTypeNode':
      return sampleFields(program, type.fields)
    case 'enumTypeNode':
      return number % type.variants.length
    case 'definedTypeLinkNode':
      return sample(program, definedType(program, type.name).type, word)
    default:
      throw new Error(`no sample of ${type.kind}`)
  }
}

/** A value of kit's form as our client takes it. */
export function ours(program: ProgramNode, type: TypeNode, value: unknown): unknown {
  switch (type.kind) {
    case 'publicKeyTypeNode':
      return new PublicKey(value as string)
    case 'arrayTypeNode':
      return (value as unknown[]).map((item) => ours(program, type.item, item))
    case 'structTypeNode':
      return oursOf(program, type.fields, value as Record<string, unknown>)
    case 'enumTypeNode':
      return type.variants[value as number]!.name
    case 'definedTypeLinkNode':
      return ours(program, definedType(program, type.name).type, value)
    default:
      return value
  }
}

/** As `ours`, of each field that there is a value for. */
export function oursOf(
  program: ProgramNode,
  fields: readonly Pick<StructFieldTypeNode, 'name' | 'type'>[],
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const there = fields.filter(({ name }) => name in values)
  return Object.fromEntries(there.map(({ name, type }) => [name, ours(program, type, values[name])]))
}

/** A type of a program's by name. */
function definedType(program: ProgramNode, name: string): DefinedTypeNode {
  const found = program.definedTypes.find((type) => type.name === name)
  if (found === undefined) throw new Error(`no type ${name}`)
  return found
}
