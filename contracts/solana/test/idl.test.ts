import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { AccountRole } from '@solana/kit'
import type { AccountNode, InstructionNode, ProgramNode, StructTypeNode } from '@codama/nodes'
import { PublicKey } from '@solana/web3.js'
import type { AccountMeta, TransactionInstruction } from '@solana/web3.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { PROGRAM_ERRORS } from '../src/program-errors.ts'
import {
  IDLS,
  addressOf,
  oursOf,
  publishedClient,
  readIdl,
  sampleAccount,
  sampleFields,
} from './published.fixture.ts'
import type { Module } from './published.fixture.ts'

const PROGRAM = addressOf('program')
const OTHERS = [addressOf('other 0'), addressOf('other 1')]
const PLACE = { offset: 40, length: 900 }

interface KitInstruction {
  readonly accounts: readonly { readonly address: string; readonly role: AccountRole }[]
  readonly data: Uint8Array
}

const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)
const plainName = (name: string) => name.replace(/Buffered$/, '')

describe('IDLs and the client made from them', () => {
  it('are what the sources give', () => {
    const script = fileURLToPath(new URL('../scripts/generate.ts', import.meta.url))
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  })
})

describe.each(IDLS)('the IDL of %s, as Codama renders it for kit', (file) => {
  const { program } = readIdl(file)
  let kit: Module
  let client: Module

  beforeAll(async () => {
    kit = await publishedClient(file, PROGRAM)
    client = (await import(`../src/generated/${file}.ts`)) as Module
  }, 120_000)

  it.each(program.instructions.map((node) => [node.name, node] as const))(
    'encodes %s as our client does, with the same accounts',
    async (_, node) => {
      const theirs = await kitInstruction(kit, program, node)
      const own = ownInstruction(client, program, node)
      expect(Buffer.from(theirs.data).toString('hex')).toBe(own.data.toString('hex'))
      const keys = own.keys.map(told)
      // Kit writes all accounts that a tail has, the message too
      const isTail = node.name.endsWith('Buffered') && isForOthers(node)
      if (isTail) keys.push({ ...keys.pop()!, role: AccountRole.WRITABLE })
      expect(theirs.accounts.map(({ address, role }) => ({ address, role }))).toEqual(keys)
    },
  )

  it.each(program.accounts.map((node) => [node.name, node] as const))(
    'lays out %s as we read it',
    (_, node) => {
      const fields = (node.data as StructTypeNode).fields
      const sample = sampleFields(program, fields)
      const encoder = kit[`get${pascal(node.name)}Encoder`]!() as { encode(value: unknown): Uint8Array }
      const data = Uint8Array.from(encoder.encode(sample))
      if (node.size !== undefined) expect(data.length).toBe(node.size)
      const decode = client[`decode${pascal(node.name)}`]!
      expect(decode(data)).toEqual(oursOf(program, fields, sample))
      for (const at of constantPlaces(node)) {
        const other = Uint8Array.from(data)
        other[at]! ^= 1
        expect(decode(other)).toBe(undefined)
      }
      if (node.size !== undefined) expect(decode(Uint8Array.of(...data, 0))).toBe(undefined)
    },
  )

  it('has a name and a meaning for each error', () => {
    expect(new Set(program.errors.map(({ code }) => code)).size).toBe(program.errors.length)
    for (const { code, docs, message } of program.errors) {
      expect(PROGRAM_ERRORS.get(code)).toBe(docs!.join(' '))
      expect(message).not.toBe('')
    }
  })
})

async function kitInstruction(
  kit: Module,
  program: ProgramNode,
  node: InstructionNode,
): Promise<KitInstruction> {
  const accounts = asked(node).map((account) => [account.name, sampleAccount(account)])
  const others = isForOthers(node) && node.name.endsWith('Buffered') ? [...OTHERS, messageAccount()] : OTHERS
  const tails = tailsOf(node).map((name) => [name, others])
  const inputs = { ...Object.fromEntries([...accounts, ...tails]), ...samples(program, node) }
  const build = kit[`get${pascal(node.name)}InstructionAsync`] ?? kit[`get${pascal(node.name)}Instruction`]
  return (await build!(inputs)) as KitInstruction
}

function ownInstruction(client: Module, program: ProgramNode, node: InstructionNode): TransactionInstruction {
  const name = plainName(node.name)
  const values = samples(program, node)
  const message = oursOf(program, node.arguments, values)
  const accounts = asked(node).map((account) => [
    account.name,
    new PublicKey(addressOf(`account ${account.name}`)),
  ])
  const tails = tailsOf(node).map((tail) => [tail, OTHERS.map((other) => tailEntry(node, other))])
  const inputs = {
    ...message,
    ...oursOf(program, node.extraArguments ?? [], values),
    ...Object.fromEntries([...accounts, ...tails]),
  }
  const encode = client[`encode${pascal(name)}Message`]
  const told = name === node.name ? encode?.(message) : { account: new PublicKey(messageAccount()), ...PLACE }
  return client[`${name}Instruction`]!(new PublicKey(PROGRAM), inputs, told) as TransactionInstruction
}

function samples(program: ProgramNode, node: InstructionNode): Record<string, unknown> {
  const values = sampleFields(program, [...node.arguments, ...(node.extraArguments ?? [])])
  return node.name.endsWith('Buffered') ? { ...values, ...PLACE } : values
}

function asked({ accounts }: InstructionNode) {
  return accounts.filter(({ defaultValue }) => defaultValue === undefined)
}

function messageAccount(): string {
  return addressOf('account message')
}

function tailsOf({ remainingAccounts = [] }: InstructionNode): string[] {
  return remainingAccounts.flatMap(({ value }) => (value.kind === 'argumentValueNode' ? [value.name] : []))
}

/** Whether what follows the accounts is another program's, with its flags. */
function isForOthers({ remainingAccounts = [] }: InstructionNode): boolean {
  return remainingAccounts.some(({ isSigner }) => isSigner === 'either')
}

function tailEntry(node: InstructionNode, other: string): PublicKey | AccountMeta {
  const pubkey = new PublicKey(other)
  return isForOthers(node) ? { pubkey, isSigner: false, isWritable: true } : pubkey
}

function told({ pubkey, isSigner, isWritable }: AccountMeta): { address: string; role: AccountRole } {
  return { address: pubkey.toBase58(), role: (Number(isSigner) << 1) | Number(isWritable) }
}

/** Where bytes stand that say what an account is. */
function constantPlaces({ data }: AccountNode): number[] {
  const [kind, version] = (data as StructTypeNode).fields
  return [...Array.from({ length: 8 }, (_, i) => i), ...(version?.name === 'version' ? [8] : [])].slice(
    kind?.name === 'kind' ? 0 : 8,
  )
}
