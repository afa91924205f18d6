import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findFiles } from './find-files.ts'
import { runVectors } from './run-vectors.ts'
import { isExplanation } from './vector-file.ts'

const kept = fileURLToPath(new URL('../../../../test/vectors/kept/', import.meta.url))
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vectors-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

function run(path = directory) {
  const lines: string[] = []
  const { passed, failed } = runVectors(path, (line) => lines.push(line))
  expect(lines.at(-1)).toBe(`${passed} passed, ${failed} failed`)
  return { passed, failed, lines: lines.slice(0, -1) }
}

const keep = (from: string, to: string) => cpSync(join(kept, from), join(directory, to), { recursive: true })
const write = (name: string, content: string) => writeFileSync(join(directory, name), content)
/** Changes a kept file on its way. */
function edit(from: string, to: string, change: (json: Record<string, unknown>) => void) {
  const json = JSON.parse(readFileSync(join(kept, from), 'utf8')) as Record<string, unknown>
  change(json)
  mkdirSync(join(directory, to, '..'), { recursive: true })
  write(to, JSON.stringify(json))
}

describe('what is a vector', () => {
  it('README, SOURCE and LICENSE files are none, in any spelling that is met', () => {
    for (const name of [
      'README',
      'README.md',
      'SOURCE.json',
      'LICENSE',
      'LICENSE.cosmos-ics23',
      'license.txt',
    ]) {
      expect(isExplanation(name), name).toBe(true)
    }
    for (const name of ['readme_vectors.json', 'resource.json', 'licenses.json', 'a.json', 'SOURCES.json']) {
      expect(isExplanation(name), name).toBe(false)
    }
  })

  it('a folder with explanations only, or nothing, has none', () => {
    write('README.md', '# nothing')
    write('.hidden.json', '{}')
    expect(run()).toEqual({ passed: 0, failed: 0, lines: [`no vector was found below ${directory}`] })
  })

  it('a data file that no format claims is a failure, whatever it is', () => {
    write('a.json', '{"some":"thing"}')
    write('b.txt', 'plain text')
    write('c.json', '[]')
    write('d.json', 'null')
    write('e.bin', '\u0000\u0001')
    write('f.json', '{}')
    const { passed, failed, lines } = run()
    expect([passed, failed]).toEqual([0, 6])
    expect(lines[0]).toBe('FAIL a.json: no format claims this file')
    expect(lines[1]).toMatch(/^FAIL b.txt: not JSON/)
    for (const line of lines) expect(line.split('\n').length).toBe(1)
  })
})

describe('a recognised file', () => {
  it('without a case is a failure, not a skip', () => {
    write('a.json', '{"storeKeys":[]}')
    write('b.json', '{"storeKeys":[],"packetCommitments":{}}')
    expect(run().lines).toEqual([
      'FAIL b.json packetCommitments: packetCommitments is no array',
      'FAIL a.json: it is of the format ibc-v2-packets and holds no case',
    ])
  })
})

describe('formats are told by content', () => {
  it('under any file name, at any depth; the nearest folder names an ICS-23 spec', () => {
    keep('ics23/iavl/exist_left.json', 'tendermint/x/iavl/whatever.json')
    keep('ics23/TestDoHashData.json', 'deep/er/hashes.json')
    keep('ed25519-zip215/speccheck_edge_cases.json', 'deep/edge.json')
    keep('ibc-v2-packets/vectors.json', 'packets.json')
    expect(run()).toMatchObject({ failed: 0, passed: 2 + 7 + 12 + 18 })
  })

  it('run from within: the folders above the one that is named count too', () => {
    expect(run(join(kept, 'ics23/smt'))).toMatchObject({ passed: 4, failed: 0 })
    expect(run(join(kept, 'ics23/smt/exist_left.json'))).toMatchObject({ passed: 2, failed: 0 })
  })

  it('a proof without a folder that names its spec fails', () => {
    keep('ics23/iavl/exist_left.json', 'exist_left.json')
    expect(run().lines[0]).toContain('no folder names the spec')
  })
})

describe('a wrong vector fails, with the reason', () => {
  it('ICS-23: another value, an absent key that is claimed present', () => {
    edit('ics23/iavl/exist_left.json', 'iavl/a.json', (json) => (json.value = '00'))
    edit('ics23/iavl/nonexist_left.json', 'iavl/b.json', (json) => (json.value = '00'))
    edit('ics23/iavl/nonexist_left.json', 'iavl/c.json', (json) => (json.key = '0000000001'))
    edit('ics23/iavl/exist_left.json', 'iavl/d.json', (json) => (json.proof = 'zz'))
    const { failed, lines } = run()
    expect(failed).toBeGreaterThanOrEqual(4)
    for (const name of ['a', 'b', 'c', 'd'])
      expect(lines.some((line) => line.startsWith(`FAIL iavl/${name}.json verifies:`))).toBe(true)
  })

  it('light client: another verdict, a block that cannot be read', () => {
    const from = 'tendermint-light-client/single_step/MC4_4_faulty_TestSuccess.json'
    edit(from, 'a.json', (json) => ((json.input as { verdict: string }[])[0]!.verdict = 'SUCCESS'))
    edit(from, 'b.json', (json) => ((json.input as { block: unknown }[])[0]!.block = {}))
    const { lines } = run()
    expect(lines[0]).toContain('a.json input 0: the verdict is NOT_ENOUGH_TRUST, expected SUCCESS')
    expect(lines.some((line) => line.includes('b.json input 0: the verdict is PARSE_ERROR'))).toBe(true)
  })

  it('eureka: a type, a trusted height, and what the key of a packet is made of count', () => {
    const at = (json: Record<string, unknown>, name: string) => json[name] as Record<string, unknown>
    const change = (file: string, member: string, field: string, value: unknown) =>
      edit(`eureka/tendermint/${file}.json`, `${file}.json`, (json) => (at(json, member)[field] = value))
    const verdicts = [
      ['2025-08/update_client_happy_path', 'update_client_message', 'type_url', '/ibc.x.Header'],
      ['2025-08/update_client_expired_header', 'update_client_message', 'type_url', '/ibc.x.Header'],
      ['2025-08/update_client_expired_header', 'update_client_message', 'trusted_height', 19],
      ['2026-06/verify_packet_commitment', 'packet', 'sequence', 2],
      ['2026-06/verify_packet_commitment', 'packet', 'source_client', '07-tendermint-1'],
      ['2026-06/verify_packet_commitment', 'packet', 'dest_client', '07-tendermint-1'],
      ['2026-06/verify_packet_receipt_absence', 'packet', 'sequence', 2],
      ['2026-06/verify_packet_receipt_absence', 'packet', 'dest_client', '07-tendermint-1'],
    ] as const
    for (const [file, member, field, value] of verdicts) {
      change(file, member, field, value)
      expect(run().failed, `${file} ${member}.${field}`).toBe(1)
      rmSync(join(directory, `${file}.json`))
    }
  })

  it('eureka: an update that is not the happy path must be refused, a forged proof must not pass', () => {
    const update = 'eureka/tendermint/2025-08/update_client_happy_path.json'
    keep(update, 'update_client_expired_header.json')
    edit('eureka/tendermint/2026-06/verify_packet_commitment.json', 'verify.json', (json) => {
      ;(json.membership_msg as { value: string }).value = '00'.repeat(32)
    })
    const { lines } = run()
    expect(lines).toEqual([
      'FAIL update_client_expired_header.json is refused: it was accepted',
      'FAIL verify.json verifies: the proof is for another value',
      expect.stringContaining('FAIL verify.json is about the packet: the commitment is'),
    ])
  })

  it('ed25519 and packets: another expectation', () => {
    const cases = [{ vk_bytes: '01'.padEnd(64, '0'), sig_bytes: '01'.padEnd(128, '0'), valid_zip215: false }]
    write('a.json', JSON.stringify(cases))
    edit('ibc-v2-packets/vectors.json', 'b.json', (json) => {
      ;(json.storeKeys as { expectedKey: string }[])[1]!.expectedKey = '00'
      json.newKind = [{}]
    })
    const { failed, lines } = run()
    expect(failed).toBe(3)
    expect(lines[0]).toBe('FAIL a.json #0: the verdict is true, expected false')
    expect(lines[2]).toContain('newKind is no known kind of case')
  })
})

describe('what may lie on a disk', () => {
  it('a folder that is not there', () => {
    expect(run(join(directory, 'missing'))).toMatchObject({ passed: 0, failed: 1 })
  })

  it('links: followed, each folder once, broken ones reported', () => {
    keep('ics23/iavl', 'iavl')
    symlinkSync(directory, join(directory, 'iavl/round'))
    symlinkSync(join(directory, 'iavl'), join(directory, 'again'))
    symlinkSync(join(directory, 'nowhere'), join(directory, 'broken.json'))
    const { passed, failed, lines } = run()
    expect([passed, failed]).toEqual([4, 1])
    expect(lines[0]).toMatch(/^FAIL broken.json: there is no such file/)
  })

  it('a file of more bytes than are read', () => {
    write('huge.json', '')
    truncateSync(join(directory, 'huge.json'), 300 * 1024 * 1024)
    expect(run().lines[0]).toMatch(/^FAIL huge.json: 314572800 bytes are more than/)
  })

  it('deeply nested JSON, and members that shadow what objects have', () => {
    write('deep.json', '['.repeat(100_000) + ']'.repeat(100_000))
    write('proto.json', '{"__proto__":{"root":1},"constructor":{"a":1},"toString":{}}')
    expect(run()).toMatchObject({ passed: 0, failed: 2 })
  })

  it('a folder that may not be read', () => {
    mkdirSync(join(directory, 'closed'))
    chmodSync(join(directory, 'closed'), 0)
    const { files, faults } = findFiles(directory)
    expect(files).toEqual([])
    // Root reads everything: then there is nothing to report.
    expect(faults.length).toBe(process.getuid?.() === 0 ? 0 : 1)
    chmodSync(join(directory, 'closed'), 0o700)
  })
})
