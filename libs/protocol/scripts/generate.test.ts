import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripTypeScriptTypes } from 'node:module'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { generate, generatedFolder, readFolder } from './generate.ts'
import { messageFieldsSource } from './message-fields.ts'
import { erasable } from './post-process.ts'

const protoFolder = fileURLToPath(new URL('../proto', import.meta.url))
const protos = readdirSync(protoFolder, { recursive: true, encoding: 'utf8' }).filter((f) =>
  f.endsWith('.proto'),
)

describe('npm run generate', () => {
  it('has been run: the generated code is up to date', () => {
    const wanted = generate()
    const present = readFolder(generatedFolder)
    const names = new Set([...wanted.keys(), ...present.keys()])
    const stale = [...names].filter((name) => wanted.get(name) !== present.get(name))
    expect(stale, 'run `npm run generate`').toEqual([])
  }, 20_000)

  it('makes one file a .proto, and nothing that type stripping would not erase', () => {
    const present = readFolder(generatedFolder)
    expect(protos.filter((name) => !present.has(name.replace(/\.proto$/, '.ts')))).toEqual([])
    for (const source of present.values()) expect(() => stripTypeScriptTypes(source)).not.toThrow()
  })
})

describe('.proto files', () => {
  it('have a package that is their path', () => {
    for (const name of protos) {
      const [, declared] = /^package ([\w.]+);$/m.exec(readFileSync(join(protoFolder, name), 'utf8')) ?? []
      expect(declared).toBe(name.split('/').slice(0, -1).join('.'))
    }
  })
})

describe('messageFieldsSource', () => {
  const field = { name: 'f', number: 1, label: 'LABEL_OPTIONAL', type: 'TYPE_STRING' }
  const image = (messageType: object) => ({
    file: [{ package: 'p', messageType: [messageType as { name: string }] }],
  })

  it('writes one line a message, nested ones too', () => {
    const nested = {
      name: 'N',
      field: [{ ...field, number: 3, label: 'LABEL_REPEATED', type: 'TYPE_UINT64' }],
    }
    const member = { ...field, number: 2, type: 'TYPE_MESSAGE', typeName: '.p.M.N', oneofIndex: 0 }
    const source = messageFieldsSource(image({ name: 'M', field: [field, member], nestedType: [nested] }))
    expect(source).toContain("  'p.M': '1s 2m~0.p.M.N',\n  'p.M.N': '3u*',\n")
  })

  it('refuses what strict decoding could not judge', () => {
    const many = Array.from({ length: 32 }, (_, i) => ({ ...field, number: i + 1 }))
    expect(() => messageFieldsSource(image({ name: 'M', field: many }))).toThrow('at most 31')
    const turned = [{ ...field, number: 2 }, field]
    expect(() => messageFieldsSource(image({ name: 'M', field: turned }))).toThrow('ascending')
    expect(() => messageFieldsSource(image({ name: 'M', options: { mapEntry: true } }))).toThrow('map')
    expect(() =>
      messageFieldsSource(image({ name: 'M', field: [{ ...field, type: 'TYPE_GROUP' }] })),
    ).toThrow('GROUP')
  })
})

describe('erasable', () => {
  it('drops the namespaces that ts-proto puts beside literal enums', () => {
    const source =
      'export const E = { A: 0 } as const;\n\nexport namespace E {\n  export type A = typeof E.A;\n}\n\nrest'
    expect(erasable(source)).toBe('export const E = { A: 0 } as const;\n\nrest')
  })
})
