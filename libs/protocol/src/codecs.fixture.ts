import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Codec } from './codec.ts'

const generated = new URL('./generated/', import.meta.url)

/** Every generated codec by its message's full name. */
export async function allCodecs(): Promise<Map<string, Codec<unknown>>> {
  const files = readdirSync(fileURLToPath(generated), { recursive: true, encoding: 'utf8' })
  const codecs = new Map<string, Codec<unknown>>()
  for (const file of files.filter((name) => name.includes('/') && name.endsWith('.ts'))) {
    const module = (await import(new URL(file, generated).href)) as Record<string, unknown>
    for (const [name, codec] of codecsOf(module)) codecs.set(messageName(file, name), codec)
  }
  return codecs
}

/** The codecs that cosmjs-types has for messages of ours, by full name. */
export async function cosmjsCodecs(): Promise<Map<string, Codec<unknown>>> {
  const files = readdirSync(fileURLToPath(generated), { recursive: true, encoding: 'utf8' })
  const codecs = new Map<string, Codec<unknown>>()
  for (const file of files.filter((name) => name.includes('/') && name.endsWith('.ts'))) {
    if (file.startsWith('causeway/')) continue
    const module = await import(`cosmjs-types/${file.slice(0, -3)}`).catch(() => ({}))
    for (const [name, codec] of codecsOf(module as Record<string, unknown>)) {
      codecs.set(messageName(file, name), codec)
    }
  }
  return codecs
}

function codecsOf(module: Record<string, unknown>): [string, Codec<unknown>][] {
  return Object.entries(module).filter((entry): entry is [string, Codec<unknown>] => {
    const value = entry[1]
    return typeof value === 'object' && value !== null && 'decode' in value && 'encode' in value
  })
}

function messageName(file: string, name: string): string {
  return [...file.split('/').slice(0, -1), ...name.split('_')].join('.')
}
