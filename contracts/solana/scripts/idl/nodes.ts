// Short forms of Codama's nodes (https://github.com/codama-idl/codama, standard 1.10) for the programs' IDLs.
import {
  accountNode,
  accountValueNode,
  argumentValueNode,
  bytesTypeNode,
  bytesValueNode,
  constantPdaSeedNodeFromString,
  definedTypeLinkNode,
  fieldDiscriminatorNode,
  fixedSizeTypeNode,
  instructionAccountNode,
  instructionArgumentNode,
  instructionNode,
  instructionRemainingAccountsNode,
  numberTypeNode,
  numberValueNode,
  pdaLinkNode,
  pdaNode,
  pdaSeedValueNode,
  pdaValueNode,
  publicKeyTypeNode,
  publicKeyValueNode,
  sizeDiscriminatorNode,
  sizePrefixTypeNode,
  stringTypeNode,
  structFieldTypeNode,
  structTypeNode,
  variablePdaSeedNode,
} from '@codama/nodes'
import type {
  AccountNode,
  AccountValueNode,
  ArgumentValueNode,
  BytesValueNode,
  InstructionAccountNode,
  InstructionArgumentNode,
  InstructionNode,
  NumberValueNode,
  PdaNode,
  PdaValueNode,
  StructFieldTypeNode,
  StructTypeNode,
  TypeNode,
} from '@codama/nodes'

type Value = AccountValueNode | ArgumentValueNode
/** Names and types of fields, in their order. */
export type Fields = Readonly<Record<string, TypeNode>>

export const u8 = numberTypeNode('u8')
export const u16 = numberTypeNode('u16')
export const u32 = numberTypeNode('u32')
export const u64 = numberTypeNode('u64')
export const u128 = numberTypeNode('u128')
export const u16be = numberTypeNode('u16', 'be')
export const u32be = numberTypeNode('u32', 'be')
export const u64be = numberTypeNode('u64', 'be')
export const address = publicKeyTypeNode()
export const hash = bytes(32)
/** A text behind a byte of length. */
export const text = sizePrefixTypeNode(stringTypeNode('utf8'), u8)
/** Bytes behind two bytes of length. */
export const longBytes = sizePrefixTypeNode(bytesTypeNode(), u16)
/** All bytes that are left. */
export const rest = bytesTypeNode()
export const systemProgram = publicKeyValueNode('11111111111111111111111111111111', 'systemProgram')
/** What programs are called whose address is the deployment's. */
export const NO_ADDRESS = ''

/** So many bytes. */
export function bytes(length: number) {
  return fixedSizeTypeNode(bytesTypeNode(), length)
}

/** A type of the program's. */
export const type = (name: string) => definedTypeLinkNode(name)
/** An account of the instruction. */
export const of = (name: string) => accountValueNode(name)
/** What the sender says, be it part of the message or not. */
export const given = (name: string) => argumentValueNode(name)

/** Fields one after the other. */
export function struct(types: Fields): StructTypeNode {
  return structTypeNode(fields(types))
}

/** Fields of a struct. */
export function fields(types: Fields): StructFieldTypeNode[] {
  return Object.entries(types).map(([name, type]) => structFieldTypeNode({ name, type }))
}

/** A derived address: a word, then seeds. */
export function pda(name: string, docs: string, word: string, seeds: Fields = {}): PdaNode {
  const variable = Object.entries(seeds).map(([seed, type]) => variablePdaSeedNode(seed, type))
  return pdaNode({ name, docs, seeds: [constantPdaSeedNodeFromString('utf8', word), ...variable] })
}

/** Where an account is found: a derived address, of this program or of another one. */
export function at(name: string, seeds: Readonly<Record<string, Value>> = {}, program?: Value): PdaValueNode {
  const values = Object.entries(seeds).map(([seed, value]) => pdaSeedValueNode(seed, value))
  return pdaValueNode(pdaLinkNode(name), values, program)
}

/**
 * An account of an instruction: flags `w` writable and `s` signer, the words of the program's source, where
 * it is found.
 */
export function account(
  name: string,
  flags: '' | 'w' | 's' | 'ws',
  docs: string,
  defaultValue?: PdaValueNode | typeof systemProgram,
): InstructionAccountNode {
  const [isWritable, isSigner] = [flags.includes('w'), flags.includes('s')]
  return instructionAccountNode({ name, isWritable, isSigner, docs, ...(defaultValue && { defaultValue }) })
}

/** What an instruction takes. */
export interface InstructionInput {
  readonly kind: number
  readonly name: string
  readonly docs: string
  readonly accounts: readonly InstructionAccountNode[]
  readonly message?: Fields
  /** What addresses are derived from beside accounts and message. */
  readonly seeds?: Fields
  /** What follows the accounts. */
  readonly remaining?: { readonly docs: string; readonly name?: string; readonly isWritable?: boolean }
  /** Its message may be longer than a transaction: it has a second form. */
  readonly isBuffered?: boolean
}

/** Bit 7 of the kind: the message stands in the data of the last account. Source: crates/accounts. */
const BUFFERED = 0x80

/** An instruction, and its form with a message that stands in an account. */
export function instruction(input: InstructionInput): InstructionNode[] {
  const plain = make(input, input.kind, input.name, input.docs, argumentsOf(input.message ?? {}))
  if (!input.isBuffered) return [plain]
  const place = argumentsOf({ offset: u32, length: u32 })
  const buffer = account('message', '', 'where the message stands: none of the other accounts')
  const remaining = input.remaining && { docs: `${input.remaining.docs}; last the account with the message` }
  const buffered = {
    ...input,
    accounts: remaining ? input.accounts : [...input.accounts, buffer],
    ...(remaining && { remaining }),
    seeds: { ...seedsInMessage(input), ...input.seeds },
  }
  const docs = `${input.docs} The message stands in the data of the last account.`
  return [plain, make(buffered, input.kind | BUFFERED, `${input.name}Buffered`, docs, place)]
}

function make(
  { accounts, seeds = {}, remaining }: InstructionInput,
  kind: number,
  name: string,
  docs: string,
  message: InstructionArgumentNode[],
): InstructionNode {
  const discriminator = instructionArgumentNode({
    name: 'discriminator',
    type: u8,
    defaultValue: numberValueNode(kind),
    defaultValueStrategy: 'omitted',
  })
  return instructionNode({
    name,
    docs,
    accounts: [...accounts],
    arguments: [discriminator, ...message],
    discriminators: [fieldDiscriminatorNode('discriminator', 0)],
    optionalAccountStrategy: 'omitted',
    ...(Object.keys(seeds).length > 0 && { extraArguments: argumentsOf(seeds) }),
    ...(remaining && { remainingAccounts: [remainingOf(remaining)] }),
  })
}

/** Without a name they are another program's, each with the flags that it gives them. */
function remainingOf({ docs, name, isWritable = false }: NonNullable<InstructionInput['remaining']>) {
  const flags = name === undefined ? ({ isSigner: 'either', isWritable: true } as const) : { isWritable }
  return instructionRemainingAccountsNode(argumentValueNode(name ?? 'others'), {
    docs,
    isOptional: true,
    ...flags,
  })
}

/** Those parts of the message that addresses are derived from. */
function seedsInMessage({ accounts, message = {} }: InstructionInput): Fields {
  const names = accounts.flatMap(({ defaultValue }) =>
    defaultValue?.kind === 'pdaValueNode'
      ? (defaultValue.seeds ?? []).flatMap(({ value }) => ('name' in value ? [value.name as string] : []))
      : [],
  )
  return Object.fromEntries(Object.entries(message).filter(([name]) => names.includes(name)))
}

function argumentsOf(fields: Fields): InstructionArgumentNode[] {
  return Object.entries(fields).map(([name, type]) => instructionArgumentNode({ name, type }))
}

/** What an account begins with, which is not told on. */
export interface Layout {
  readonly name: string
  readonly docs: string
  readonly kind: string
  /** Between version and fields, a byte each; zeros fill the seven bytes that are there. */
  readonly head?: Fields
  readonly body: Fields
  readonly size?: number
  /** Bytes at the end that nothing uses. */
  readonly free?: number
  readonly pda?: string
}

/** An account that begins with eight bytes of its kind and version 1. */
export function stored({ name, docs, kind, head = {}, body, size, free, pda }: Layout): AccountNode {
  const data = structTypeNode([
    constant('kind', bytes(8), bytesValueNode('utf8', kind)),
    constant('version', u8, numberValueNode(1)),
    ...fields(head),
    zeros('reserved', 7 - Object.keys(head).length),
    ...fields(body),
    ...(free === undefined ? [] : [zeros('free', free)]),
  ])
  const discriminators = [fieldDiscriminatorNode('kind', 0), fieldDiscriminatorNode('version', 8)]
  return accountNode({
    name,
    docs,
    data,
    discriminators: size === undefined ? discriminators : [...discriminators, sizeDiscriminatorNode(size)],
    ...(size !== undefined && { size }),
    ...(pda !== undefined && { pda: pdaLinkNode(pda) }),
  })
}

/** A field that is the same in each: nobody is told of it. */
export function constant<Type extends TypeNode>(
  name: string,
  type: Type,
  defaultValue: BytesValueNode | NumberValueNode,
): StructFieldTypeNode {
  return structFieldTypeNode({ name, type, defaultValue, defaultValueStrategy: 'omitted' })
}

function zeros(name: string, length: number): StructFieldTypeNode {
  return constant(name, bytes(length), bytesValueNode('base16', '00'.repeat(length)))
}
