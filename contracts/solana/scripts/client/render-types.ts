// TypeScript of an IDL's types: what a value is, how it is written, how it is read.
import type { CountNode, DefinedTypeNode, EnumTypeNode, StructTypeNode, TypeNode } from '@codama/nodes'

/** `coreClient` → `CoreClient`. */
export function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** `coreClient` → `CORE_CLIENT`. */
export function constantName(name: string): string {
  return name.replaceAll(/[A-Z]/g, '_$&').toUpperCase()
}

/** The comment above something. */
export function comment(docs: readonly string[] | undefined): string {
  return docs && docs.length > 0 ? `/** ${docs.join(' ')} */\n` : ''
}

/** The TypeScript type of a value. */
export function typeOf(node: TypeNode): string {
  switch (node.kind) {
    case 'numberTypeNode':
      return node.format === 'u64' || node.format === 'u128' ? 'bigint' : 'number'
    case 'booleanTypeNode':
      return 'boolean'
    case 'publicKeyTypeNode':
      return 'PublicKey'
    case 'bytesTypeNode':
      return 'Uint8Array'
    case 'stringTypeNode':
      return 'string'
    case 'fixedSizeTypeNode':
    case 'sizePrefixTypeNode':
      return typeOf(node.type)
    case 'arrayTypeNode':
      return `readonly ${typeOf(node.item)}[]`
    case 'definedTypeLinkNode':
      return pascal(node.name)
    default:
      throw new Error(`no type for ${node.kind}`)
  }
}

/** Bytes of a value, as an expression. */
export function write(node: TypeNode, value: string): string {
  switch (node.kind) {
    case 'numberTypeNode':
      if (node.format === 'u8') return `byte(${value})`
      return `${node.endian}${node.format.slice(1)}(${value})`
    case 'publicKeyTypeNode':
      return `${value}.toBytes()`
    case 'bytesTypeNode':
      return value
    case 'stringTypeNode':
      return `utf8(${value})`
    case 'fixedSizeTypeNode':
      return `fixedBytes(${write(node.type, value)}, ${node.size})`
    case 'sizePrefixTypeNode':
      return `${prefixed(node.type, node.prefix)}(${value})`
    case 'arrayTypeNode': {
      const items = `...${value}.map((item) => ${write(node.item, 'item')})`
      const count =
        node.count.kind === 'prefixedCountNode' ? `${write(node.count.prefix, `${value}.length`)}, ` : ''
      return `concatBytes(${count}${items})`
    }
    case 'definedTypeLinkNode':
      return `encode${pascal(node.name)}(${value})`
    default:
      throw new Error(`${node.kind} is not written`)
  }
}

/** A value out of a reader, as an expression. */
export function read(node: TypeNode, reader = 'reader'): string {
  switch (node.kind) {
    case 'numberTypeNode':
      return `${reader}.${node.format}(${node.endian === 'be' ? "'be'" : ''})`
    case 'booleanTypeNode':
      return `${reader}.u8() !== 0`
    case 'publicKeyTypeNode':
      return `${reader}.address()`
    case 'bytesTypeNode':
      return `${reader}.rest()`
    case 'fixedSizeTypeNode':
      if (node.type.kind === 'bytesTypeNode') return `${reader}.bytes(${node.size})`
      return `${reader}.within(${node.size}, (place) => ${read(node.type, 'place')})`
    case 'sizePrefixTypeNode': {
      const how = prefixed(node.type, node.prefix) === 'shortText' ? 'text' : 'bytes'
      return `${reader}.${how}(${read(node.prefix, reader)})`
    }
    case 'arrayTypeNode':
      return `${reader}.list(${count(node.count, reader)}, () => ${read(node.item, reader)})`
    case 'definedTypeLinkNode':
      return `read${pascal(node.name)}(${reader})`
    default:
      throw new Error(`${node.kind} is not read`)
  }
}

/** A type of the program's, how it is written and how it is read. */
export function renderType({ name, docs, type }: DefinedTypeNode): string {
  if (type.kind === 'enumTypeNode') return renderEnum(name, docs, type)
  if (type.kind !== 'structTypeNode') throw new Error(`no type of its own for ${type.kind}`)
  const own = pascal(name)
  const written = fieldsOf(type).map((field) => write(field.type, `value.${field.name}`))
  return `${comment(docs)}export interface ${own} {${members(type)}}
/** Bytes of it. */
export function encode${own}(value: ${own}): Uint8Array { return concatBytes(${written.join(', ')}) }
/** Reads what \`encode${own}\` writes. */
export function read${own}(reader: Reader): ${own} { return {${readings(type)}} }
`
}

function renderEnum(name: string, docs: readonly string[] | undefined, type: EnumTypeNode): string {
  const variants = (type.variants ?? []).map((variant) => `'${variant.name}'`)
  return `${comment(docs)}export type ${pascal(name)} = ${variants.join(' | ')}
const ${constantName(name)}S: readonly ${pascal(name)}[] = [${variants.join(', ')}]
/** Bytes of it. */
export function encode${pascal(name)}(value: ${pascal(name)}): Uint8Array {
  return byte(${constantName(name)}S.indexOf(value))
}
`
}

/** Members of a struct's interface. */
export function members(type: StructTypeNode): string {
  return told(type)
    .map((field) => `${comment(field.docs)}readonly ${field.name}: ${typeOf(field.type)}`)
    .join('\n')
}

/** Members of a struct as they are read, what isn't told being passed over. */
export function readings(type: StructTypeNode): string {
  return fieldsOf(type)
    .map((field) =>
      field.defaultValueStrategy === 'omitted'
        ? `...${skip(field.type)}`
        : `${field.name}: ${read(field.type)}`,
    )
    .join(', ')
}

function told(type: StructTypeNode) {
  return fieldsOf(type).filter((field) => field.defaultValueStrategy !== 'omitted')
}

function skip(type: TypeNode): string {
  if (type.kind !== 'fixedSizeTypeNode') throw new Error(`${type.kind} is not passed over`)
  return `reader.skip(${type.size})`
}

/** A struct's fields. */
export function fieldsOf(type: StructTypeNode) {
  return type.fields ?? []
}

function prefixed(type: TypeNode, prefix: TypeNode): 'shortText' | 'longBytes' {
  const format = prefix.kind === 'numberTypeNode' ? prefix.format : prefix.kind
  if (type.kind === 'stringTypeNode' && format === 'u8') return 'shortText'
  if (type.kind === 'bytesTypeNode' && format === 'u16') return 'longBytes'
  throw new Error(`no ${type.kind} behind ${format}`)
}

function count(node: CountNode, reader: string): string {
  if (node.kind === 'fixedCountNode') return String(node.value)
  if (node.kind === 'prefixedCountNode') return read(node.prefix, reader)
  throw new Error('an array without number is not read')
}
