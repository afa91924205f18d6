// The builder of an instruction, and of its message.
import type {
  InstructionAccountNode,
  InstructionArgumentNode,
  InstructionNode,
  PdaNode,
  PdaValueNode,
} from '@codama/nodes'
import { comment, pascal, typeOf, write } from './render-types.ts'

/** Source of an instruction's builder; `isBuffered`: it has a form whose message stands in an account. */
export function renderInstruction(
  instruction: InstructionNode,
  pdas: readonly PdaNode[],
  isBuffered: boolean,
): string {
  const { name, docs, arguments: all = [], accounts = [], remainingAccounts = [] } = instruction
  const [discriminator, ...message] = all
  if (discriminator?.defaultValue?.kind !== 'numberValueNode') throw new Error('the kind comes first')
  const remaining = remainingAccounts.map(({ value, isSigner, isWritable }) => {
    if (value.kind !== 'argumentValueNode') throw new Error('what follows the accounts has a name')
    const isOthers = isSigner === 'either'
    const type = isOthers ? 'AccountMeta' : 'PublicKey'
    const map = isOthers ? '' : `.map(${isWritable ? 'write' : 'read'})`
    return { member: `readonly ${value.name}: readonly ${type}[]`, key: `...inputs.${value.name}${map}` }
  })
  const told = message.length > 0 ? 'message' : 'EMPTY_BYTES'
  const members = [
    ...accounts.filter(isAsked).map((account) => `${meaning(account)}readonly ${account.name}: PublicKey`),
    ...seedsOf(instruction).map((seed) => `readonly ${seed.name}: ${typeOf(seed.type)}`),
    ...remaining.map(({ member }) => member),
  ]
  const keys = [
    ...accounts.map((one) => `${flag(one)}(${place(one.name, accounts)})`),
    ...remaining.map(({ key }) => key),
  ]
  const parameters = [
    'program: PublicKey',
    `inputs: {${members.join('\n')}}`,
    ...(message.length > 0 ? [`message: Uint8Array${isBuffered ? ' | BufferedMessage' : ''}`] : []),
  ]
  return `${renderMessage(name, message)}
${comment(docs)}export function ${name}Instruction(${parameters.join(', ')}): TransactionInstruction {
${derivations(accounts, pdas).join('\n')}
  const keys = [${keys.join(', ')}]
  return programInstruction(program, ${discriminator.defaultValue.number}, keys, ${told})
}
`
}

function renderMessage(name: string, message: readonly InstructionArgumentNode[]): string {
  if (message.length === 0) return ''
  const members = message.map((part) => `readonly ${part.name}: ${typeOf(part.type)}`)
  const bytes = message.map((part) => write(part.type, `message.${part.name}`))
  return `/** What \`${name}Instruction\` is told. */
export interface ${pascal(name)}Message {${members.join('\n')}}
/** Bytes of a message of \`${name}Instruction\`. */
export function encode${pascal(name)}Message(message: ${pascal(name)}Message): Uint8Array {
  return concatBytes(${bytes.join(', ')})
}
`
}

/** Whether the sender has to say which account it is. */
function isAsked({ defaultValue }: InstructionAccountNode): boolean {
  return defaultValue === undefined
}

/** The comment on an account, unless it says no more than the name. */
function meaning({ name, docs = [] }: InstructionAccountNode): string {
  const words = docs.join(' ').replaceAll(/[^a-z]/gi, '')
  return words.toLowerCase() === name.toLowerCase() ? '' : comment(docs)
}

/** What addresses are derived from that is no account, message or not. */
function seedsOf({ accounts = [], arguments: all = [], extraArguments = [] }: InstructionNode) {
  const values = accounts.flatMap(({ defaultValue }) =>
    defaultValue?.kind === 'pdaValueNode'
      ? [...(defaultValue.seeds ?? []).map(({ value }) => value), defaultValue.programId]
      : [],
  )
  const names = values.flatMap((value) => (value?.kind === 'argumentValueNode' ? [value.name] : []))
  return [...all, ...extraArguments].filter(({ name }) => names.includes(name))
}

/** Lines that derive addresses, each behind those that it goes by. */
function derivations(accounts: readonly InstructionAccountNode[], pdas: readonly PdaNode[]): string[] {
  const waiting = accounts.filter(({ defaultValue }) => defaultValue?.kind === 'pdaValueNode')
  const lines: string[] = []
  while (waiting.length > 0) {
    const names = waiting.map(({ name }) => name)
    const ready = waiting.findIndex(({ defaultValue }) =>
      (pdaOf(defaultValue).seeds ?? []).every(
        ({ value }) => value.kind !== 'accountValueNode' || !names.includes(value.name),
      ),
    )
    const [account] = waiting.splice(ready, 1)
    if (ready < 0 || account === undefined) throw new Error('addresses derived from each other')
    lines.push(`  const ${account.name} = ${derivation(pdaOf(account.defaultValue), accounts, pdas)}`)
  }
  return lines
}

function derivation(
  { pda, seeds = [], programId }: PdaValueNode,
  accounts: readonly InstructionAccountNode[],
  pdas: readonly PdaNode[],
): string {
  const node = pdas.find(({ name }) => name === pda.name)
  if (node === undefined) throw new Error(`no derived address ${pda.name}`)
  const source = (value: { kind: string; name?: string }) =>
    value.kind === 'accountValueNode' ? place(value.name!, accounts) : `inputs.${value.name}`
  const program = programId ? source(programId) : 'program'
  const values = (node.seeds ?? []).flatMap((seed) => {
    if (seed.kind !== 'variablePdaSeedNode') return []
    const given = seeds.find(({ name }) => name === seed.name)?.value
    if (given === undefined) throw new Error(`${pda.name} needs ${seed.name}`)
    return [source(given)]
  })
  return `${pda.name}Address(${[...(node.programId === undefined ? [program] : []), ...values].join(', ')})`
}

function pdaOf(value: InstructionAccountNode['defaultValue']): PdaValueNode {
  if (value?.kind !== 'pdaValueNode') throw new Error('not a derived address')
  return value
}

/** An account's address, as an expression. */
function place(name: string, accounts: readonly InstructionAccountNode[]): string {
  const value = accounts.find((account) => account.name === name)?.defaultValue
  if (value === undefined) return `inputs.${name}`
  return value.kind === 'publicKeyValueNode' ? `new PublicKey('${value.publicKey}')` : name
}

function flag({ isSigner, isWritable }: InstructionAccountNode): string {
  if (isSigner) return isWritable ? 'pay' : 'sign'
  return isWritable ? 'write' : 'read'
}
