// The TypeScript client of a program, out of its IDL alone.
import type {
  AccountNode,
  EventNode,
  PdaNode,
  ProgramNode,
  StructFieldTypeNode,
  ValueNode,
} from '@codama/nodes'
import { renderInstruction } from './render-instruction.ts'
import {
  comment,
  constantName,
  fieldsOf,
  members,
  pascal,
  readings,
  renderType,
  typeOf,
  write,
} from './render-types.ts'

/** Where the names come from that generated code uses. */
const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  '@solana/web3.js': ['PublicKey', 'type AccountMeta', 'type TransactionInstruction'],
  '@causeway/primitives': ['EMPTY_BYTES', 'be16', 'be32', 'be64', 'concatBytes', 'fromHex', 'le64', 'utf8'],
  '../instruction.ts': [
    'derive',
    'pay',
    'programInstruction',
    'read',
    'sign',
    'write',
    'type BufferedMessage',
  ],
  '../reader.ts': ['openAccount', 'type Reader'],
  '../wire.ts': ['byte', 'fixedBytes', 'le16', 'le32', 'longBytes', 'shortText'],
}

/** Source of a program's client. */
export function renderClient(file: string, program: ProgramNode): string {
  const pdas = program.pdas ?? []
  const all = program.instructions ?? []
  const longNames = new Set(all.map(({ name }) => name).filter((name) => name.endsWith('Buffered')))
  const instructions = all.filter(({ name }) => !longNames.has(name))
  const body = [
    renderErrors(program),
    ...(program.definedTypes ?? []).map(renderType),
    ...pdas.map(renderPda),
    ...(program.accounts ?? []).map(renderAccount),
    ...(program.events ?? []).map(renderEvent),
    ...instructions.map((one) => renderInstruction(one, pdas, longNames.has(`${one.name}Buffered` as never))),
  ].join('\n')
  return `// Made from idl/${file}.json by scripts/generate.ts.\n${imports(body)}\n${body}`
}

function imports(body: string): string {
  return Object.entries(IMPORTS)
    .map(([from, names]) => {
      const used = names.filter((name) => new RegExp(`\\b${name.replace('type ', '')}\\b`).test(body))
      return used.length > 0 ? `import { ${used.join(', ')} } from '${from}'\n` : ''
    })
    .join('')
}

function renderErrors({ errors = [] }: ProgramNode): string {
  const rows = errors.map(
    ({ code, docs, message }) => `[${code}, ${text(docs?.join(' ') ?? '')}, ${text(message)}]`,
  )
  return `/** Errors of the program and of what it is built of: number, name, meaning. */
export const ERRORS = [${rows.join(', ')}] as const\n`
}

function renderPda({ name, docs, programId, seeds = [] }: PdaNode): string {
  const variable = seeds.flatMap((seed) => (seed.kind === 'variablePdaSeedNode' ? [seed] : []))
  const parameters = variable.map((seed) => `${seed.name}: ${typeOf(seed.type)}`)
  const bytes = seeds.map((seed) => {
    if (seed.kind === 'variablePdaSeedNode') return write(seed.type, seed.name)
    if (seed.value.kind !== 'stringValueNode') throw new Error('a constant seed is a text')
    return `utf8(${text(seed.value.string)})`
  })
  const program = programId === undefined ? 'program' : `new PublicKey('${programId}')`
  const first = programId === undefined ? ['program: PublicKey'] : []
  return `${comment(docs)}export function ${name}Address(${[...first, ...parameters].join(', ')}): PublicKey {
  return derive(${[program, ...bytes].join(', ')})
}
`
}

function renderAccount(node: AccountNode): string {
  const { name, size } = node
  const bytes = `${constantName(name)}_BYTES`
  const length = size === undefined ? '' : `/** Length of the account. */\nexport const ${bytes} = ${size}`
  return renderData(node, 'Account', length, size === undefined ? '' : `, ${bytes}`)
}

function renderEvent(node: EventNode): string {
  return renderData(node, 'Event', '', '')
}

/** What bytes of one kind hold, and how they are read: an account's data, or an event's. */
function renderData(
  { name, docs, data }: AccountNode | EventNode,
  kind: 'Account' | 'Event',
  length: string,
  wanted: string,
): string {
  if (data.kind !== 'structTypeNode') throw new Error(`${name} is no struct`)
  const all = fieldsOf(data)
  const first = all.findIndex((field) => field.defaultValueStrategy !== 'omitted')
  const [own, begin] = [pascal(name), `${constantName(name)}_BEGIN`]
  const constant = all.slice(0, first).map((field) => constantBytes(field))
  const [suffix, visible] = kind === 'Event' ? [kind, 'export '] : ['', '']
  const what = kind === 'Event' ? "an event's data" : "an account's data"
  return `${comment(docs)}export interface ${own}${kind} {${members(data)}}
${length}
${visible && `/** What its data begins with. */\n`}${visible}const ${begin} = fromHex('${constant.join('')}')
/** Reads ${what}; undefined: it is another one. */
export function decode${own}${suffix}(data: Uint8Array): ${own}${kind} | undefined {
  const reader = openAccount(data, ${begin}${wanted})
  return reader && {${readings({ ...data, fields: all.slice(first) })}}
}
`
}

/** What stands in a field that is the same in each of its kind, in hexadecimal digits. */
function constantBytes({ name, type, defaultValue }: StructFieldTypeNode): string {
  const value: ValueNode | undefined = defaultValue
  if (value?.kind === 'bytesValueNode')
    return value.encoding === 'utf8' ? Buffer.from(value.data).toString('hex') : value.data
  if (value?.kind === 'numberValueNode' && type.kind === 'numberTypeNode' && type.format === 'u8')
    return value.number.toString(16).padStart(2, '0')
  throw new Error(`${name} has no constant bytes`)
}

function text(words: string): string {
  return `'${words.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
