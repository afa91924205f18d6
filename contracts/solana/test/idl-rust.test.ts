// What the IDLs say of instructions, read out of the programs' sources: numbers from where they are told
// apart, accounts from what is written above each.
import { readFileSync } from 'node:fs'
import type { InstructionNode } from '@codama/nodes'
import { describe, expect, it } from 'vitest'
import { readIdl } from './published.fixture.ts'

interface Account {
  readonly docs: string
  readonly isSigner: boolean
  readonly isWritable: boolean
}

/** Functions whose instruction has another name. */
const NAMES: Readonly<Record<string, string>> = { exitOpen: 'openExit', hear: 'tell' }
const PROGRAMS = ['core', 'vault', 'recorder'] as const

function source(program: string, module = 'lib'): string {
  return readFileSync(new URL(`../programs/${program}/src/${module}.rs`, import.meta.url), 'utf8')
}

/** Instructions without those that are a second form of another. */
function instructionsOf(program: string): InstructionNode[] {
  return readIdl(program).program.instructions.filter(({ name }) => !name.endsWith('Buffered'))
}

function kindOf({ arguments: [first] }: InstructionNode): number {
  const value = first?.defaultValue
  if (value?.kind !== 'numberValueNode') throw new Error('no kind')
  return value.number
}

/** Number, module and function of each instruction, where a program tells them apart. */
function dispatched(program: string) {
  const arms = [...source(program).matchAll(/^ {8}(\w+|event::EVENT) => (?:(\w+)::)?(\w+)\(/gm)]
  return arms
    .filter(([, kind]) => kind !== '_')
    .map(([, kind = '', module = 'lib', name = '']) => {
      const number = kind === 'event::EVENT' ? constantOf(source(program, 'event'), 'EVENT') : Number(kind)
      const camel = name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
      return { number, module, name, instruction: NAMES[camel] ?? camel }
    })
}

function constantOf(text: string, name: string): number {
  return Number(new RegExp(`const ${name}: u8 = (\\w+);`).exec(text)?.[1])
}

/** The comment above something, as one line. */
function commentAbove(text: string, what: string): string {
  const found = new RegExp(`((?:^ *///.*\\n)+)(?:^ *#\\[.*\\n)*^ *(?:pub )?${what}\\b`, 'm').exec(text)
  if (found === null) throw new Error(`no comment above ${what}`)
  return found[1]!.replaceAll(/^ *\/\/\/ ?/gm, '').replaceAll('\n', ' ')
}

/** The list of accounts in a comment: up to the sentence's end, other comments that it names put in. */
function listOf(comment: string, text: string, program: string): string {
  const same = /Accounts as of `(\w+)`/.exec(comment)?.[1]
  if (same !== undefined) {
    const inCore = same === 'acknowledge' ? source(program, same) : text
    return listOf(commentAbove(inCore, `fn ${same}`), inCore, program)
  }
  const list = /Accounts: (.*?)(?:\.(?= |$)(?! ?u64))/.exec(`${comment} `)?.[1] ?? ''
  const places = () => /withdrawal: (.*?)\. /.exec(`${commentAbove(text, 'struct Places')} `)![1]!
  const tokens = (wallet: string) => `line, escrow (both writable), mint, token program, ${wallet} (writable)`
  return list
    .replace(/then those of `Places`/, places)
    .replace(/those of `Tokens` \((.*?)\)/, (_, wallet: string) => tokens(wallet))
    .replace(/; for a refund those of `refund`/, '')
    .replace(/; then those of the core's `\w+`: /, ', ')
}

/** Accounts as a list in words has them. */
function readList(list: string): Account[] {
  const items = [...list.matchAll(/((?:[^,(]|\([^)]*\))+)(?:,|$)/g)].map((match) => match[1]!.trim())
  const own = items.filter((item) => !/^(then |accounts of the next)/.test(item))
  const parted = own.map((item) => /^(.*?)(?: \((.*)\))?$/.exec(item)!)
  return parted.map(([, docs = '', flags = ''], i) => {
    const all = `${flags} ${parted[i + 1]?.[2]?.startsWith('both') ? parted[i + 1]![2]! : ''}`
    return {
      docs: docs === 'the claim' ? 'claim' : docs,
      isSigner: /\bsigner\b/.test(all),
      isWritable: /\bwritable\b/.test(all),
    }
  })
}

function accountsOf({ accounts }: InstructionNode): Account[] {
  return accounts.map(({ docs = [], isSigner, isWritable }) => ({
    docs: docs.join(' '),
    isSigner: isSigner === true,
    isWritable,
  }))
}

describe.each(PROGRAMS)('the IDL of %s', (program) => {
  it('has each instruction of the source, by its number', () => {
    const told = dispatched(program).map(({ number, instruction }) => [number, instruction])
    expect(told.length).toBeGreaterThan(2)
    expect(instructionsOf(program).map((node) => [kindOf(node), node.name])).toEqual(told)
  })

  it.each(dispatched(program).map((arm) => [arm.instruction, arm] as const))(
    'has the accounts of %s as the source lists them',
    (_, { module, name, instruction }) => {
      const text = source(program, module)
      const node = instructionsOf(program).find((one) => one.name === instruction)!
      expect(accountsOf(node)).toEqual(readList(listOf(commentAbove(text, `fn ${name}`), text, program)))
    },
  )
})

describe('the IDL of hub-client', () => {
  const table = [...source('hub-client').matchAll(/^\/\/! {5}(\d) ([a-z ]+?) {2,}(.*)$/gm)]

  it('has each instruction of the source, by its number', () => {
    const names = instructionsOf('hub-client').map((node) => [kindOf(node), node.name])
    const told = dispatched('hub-client').map(({ number, instruction }) => [number, instruction])
    expect(names).toEqual(told)
    expect(table.map(([, number]) => Number(number))).toEqual(told.map(([number]) => number))
  })

  it.each(table.map(([, number, name, list]) => [name!, Number(number), list!] as const))(
    'has the accounts of %s as the source lists them',
    (_, number, list) => {
      const each = list.replace(/signers' set of each header/, (set) =>
        ['first', 'second'].map((which) => set.replace('each', `the ${which}`)).join(', '),
      )
      const told = each.split(', ').map((item) => {
        const [, docs = '', flags = ''] = /^(.*?)(?: ([ws]+))?$/.exec(item)!
        return { docs, isSigner: flags.includes('s'), isWritable: flags.includes('w') }
      })
      const node = instructionsOf('hub-client').find((one) => kindOf(one) === number)!
      expect(accountsOf(node)).toEqual(told)
    },
  )
})

describe('the IDL of upload', () => {
  it('has each instruction of the source, by its number, with the accounts of all', () => {
    const text = source('upload')
    const told = [...text.matchAll(/^\/\/! {5}(\d) (\w+) /gm)].map(([, number, name]) => [
      Number(number),
      name,
    ])
    const nodes = instructionsOf('upload')
    expect(nodes.map((node) => [kindOf(node), node.name])).toEqual(told)
    const list = /Accounts of each: (.*?)\./.exec(text)![1]!
    for (const node of nodes) expect(accountsOf(node)).toEqual(readList(list))
  })
})

describe('events in the IDL of core', () => {
  it('have the numbers of the source', () => {
    const body = /pub enum Event \{([^}]*)\}/.exec(source('core', 'event'))![1]!
    const told = [...body.matchAll(/(\w)(\w+) = (\d+),/g)]
    const numbers = readIdl('core').program.events.map(({ name, data }) => {
      const constants = data.kind === 'structTypeNode' ? data.fields.map((field) => field.defaultValue) : []
      return [
        name,
        ...constants.flatMap((value) => (value?.kind === 'numberValueNode' ? [value.number] : [])),
      ]
    })
    const kind = constantOf(source('core', 'event'), 'EVENT')
    expect(numbers).toEqual(
      told.map(([, first, rest, number]) => [`${first!.toLowerCase()}${rest}`, kind, Number(number)]),
    )
  })
})
