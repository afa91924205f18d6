// docs/hub.md is a contract: what the code can answer must stand there.
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { GAS } from './block/gas.ts'
import { VERIFICATION_GAS } from './modules/ibc/gas.ts'
import { hubOptions } from './testing/hub.fixture.ts'
import { createHubApplication } from './app.ts'
import { createMemoryStorage } from '@causeway/state-tree'

const source = fileURLToPath(new URL('.', import.meta.url))
const text = readFileSync(new URL('../../../docs/hub.md', import.meta.url), 'utf8')

function sources(): { name: string; content: string }[] {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name))
    .filter((name) => !name.startsWith('engine') && !name.startsWith('abci'))
    .map((name) => ({ name, content: readFileSync(source + name, 'utf8') }))
}

describe('docs/hub.md', () => {
  it('lists every error code', () => {
    const codes = sources().flatMap(({ content }) => {
      const space = /defineErrors\('([^']+)'/.exec(content)?.[1]
      if (space === undefined) return []
      return [...content.matchAll(/^ {2}\w+: \[\s*(\d+),/gm)].map((match) => `${space}/${match[1]}`)
    })
    expect(codes.length).toBeGreaterThan(60)
    for (const code of codes) expect(text).toContain(`| \`${code}\` |`)
  })

  it('lists every event of the hub’s own', () => {
    const types = sources().flatMap(({ content }) =>
      [...content.matchAll(/emit\(\s*'([^']+)'/g)].map((match) => match[1]!),
    )
    expect(new Set(types).size).toBeGreaterThan(10)
    for (const type of types) expect(text).toContain(`\`${type}\``)
  })

  it('has the gas table', () => {
    const figures = [...Object.values(GAS), ...Object.values(VERIFICATION_GAS)]
    for (const gas of new Set(figures)) expect(text).toContain(gas.toLocaleString('en-US'))
  })

  it('names every query and message', () => {
    const { chain } = createHubApplication(hubOptions(createMemoryStorage()))
    for (const path of chain.queries.keys()) {
      const [service, method] = path.slice(1).split('/')
      expect(text).toContain(`/${service}/`)
      if (!service!.startsWith('ibc.core')) expect(text).toContain(method!)
    }
    for (const module of chain.composition.modules) {
      for (const { typeUrl } of module.messages)
        expect(text).toContain(typeUrl.slice(typeUrl.lastIndexOf('.') + 1))
    }
  })

  it('names every store', () => {
    const { chain } = createHubApplication(hubOptions(createMemoryStorage()))
    for (const name of chain.stores.storeNames) expect(text).toContain(`| \`${name}\` |`)
  })
})
