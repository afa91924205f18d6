import { describe, expect, it } from 'vitest'
import { fromUtf8, sha256, utf8 } from '@causeway/primitives'
import type { PrepareTx } from '../application.ts'
import { createKeyValueApplication } from '../kvstore.fixture.ts'
import { Mempool } from '../mempool/mempool.ts'
import { TxIntake } from './tx-intake.ts'

function createIntake(prepare?: PrepareTx, sizeMax = 100): { intake: TxIntake; mempool: Mempool } {
  const mempool = new Mempool(createKeyValueApplication(), { sizeMax })
  mempool.setLimits({ dataBytesMax: 1_000_000n, gasMax: -1n })
  return { mempool, intake: new TxIntake(mempool, prepare) }
}

const texts = (mempool: Mempool): string[] => mempool.reap(-1n, -1n).map(({ tx }) => fromUtf8(tx))
const result = {
  code: 3,
  data: utf8(''),
  log: '',
  info: '',
  gasWanted: 0n,
  gasUsed: 0n,
  events: [],
  codespace: '',
}

describe('the intake', () => {
  it('admits at once where nothing is to be prepared', () => {
    const { intake, mempool } = createIntake()
    expect(intake.submit(utf8('a=1'))).toMatchObject({ response: { code: 0 }, hash: sha256(utf8('a=1')) })
    expect(mempool.size).toBe(1)
  })

  it('prepares side by side, and admits in the order of arrival', async () => {
    const release = new Map<string, () => void>()
    const { intake, mempool } = createIntake(
      (tx) => new Promise((resolve) => release.set(fromUtf8(tx), () => resolve())),
    )
    const admissions = ['a=1', 'b=2', 'c=3'].map((text) => intake.submit(utf8(text)))
    expect([...release.keys()]).toEqual(['a=1', 'b=2', 'c=3'])
    release.get('c=3')!()
    release.get('b=2')!()
    await Promise.resolve()
    expect(mempool.size).toBe(0)
    release.get('a=1')!()
    await Promise.all(admissions)
    expect(texts(mempool)).toEqual(['a=1', 'b=2', 'c=3'])
  })

  it('keeps the order when only some are to be prepared', async () => {
    let release = (): void => undefined
    const { intake, mempool } = createIntake((tx) =>
      fromUtf8(tx) === 'slow=1' ? new Promise((resolve) => (release = resolve)) : undefined,
    )
    const slow = intake.submit(utf8('slow=1'))
    const quick = intake.submit(utf8('quick=1'))
    expect(mempool.size).toBe(0)
    release()
    await Promise.all([slow, quick])
    expect(texts(mempool)).toEqual(['slow=1', 'quick=1'])
  })

  it('lets CheckTx judge what could not be prepared', async () => {
    const { intake, mempool } = createIntake(() => Promise.reject(new Error('worker lost')))
    expect(await intake.submit(utf8('a=1'))).toMatchObject({ response: { code: 0 } })
    expect(mempool.size).toBe(1)
    expect(() => intake.submit(utf8('a=1'))).toThrow(
      expect.objectContaining({ codespace: 'engine', code: 60 }),
    )
    expect(await intake.submit(utf8('b=1'))).toMatchObject({ response: { code: 0 } })
  })

  it('prepares no more than the mempool takes', () => {
    const { intake } = createIntake(() => new Promise(() => undefined), 2)
    void intake.submit(utf8('a=1'))
    void intake.submit(utf8('b=1'))
    expect(() => intake.submit(utf8('c=1'))).toThrow(
      expect.objectContaining({ codespace: 'engine', code: 62 }),
    )
  })

  it('tells who waits for a transaction', () => {
    const { intake } = createIntake()
    const seen: bigint[] = []
    const hash = sha256(utf8('a=1'))
    intake.awaitOutcome(hash, ({ height }) => seen.push(height))
    const cancel = intake.awaitOutcome(hash, ({ height }) => seen.push(height * 10n))
    intake.awaitOutcome(sha256(utf8('never')), () => seen.push(0n))
    expect(intake.waiting).toBe(2)
    cancel()
    intake.settle(7n, [sha256(utf8('other')), hash], [result, result])
    intake.settle(8n, [hash], [result])
    expect(seen).toEqual([7n])
    expect(intake.waiting).toBe(1)
  })
})

describe('an intake that is held', () => {
  it('admits nothing until it is released, and then in the order of arrival', async () => {
    const { intake, mempool } = createIntake()
    intake.hold()
    const admissions = ['a=1', 'b=2', 'c=3'].map((text) => intake.submit(utf8(text)))
    await Promise.resolve()
    expect(mempool.size).toBe(0)
    intake.release()
    expect(texts(mempool)).toEqual(['a=1', 'b=2', 'c=3'])
    expect(await Promise.all(admissions)).toHaveLength(3)
    expect(intake.submit(utf8('d=4'))).toMatchObject({ response: { code: 0 } })
  })

  it('prepares meanwhile; what is not ready holds back what came after it', async () => {
    const release = new Map<string, () => void>()
    const { intake, mempool } = createIntake(
      (tx) => new Promise((resolve) => release.set(fromUtf8(tx), () => resolve())),
    )
    intake.hold()
    const admissions = ['a=1', 'b=2', 'c=3'].map((text) => intake.submit(utf8(text)))
    expect([...release.keys()]).toEqual(['a=1', 'b=2', 'c=3'])
    release.get('a=1')!()
    release.get('c=3')!()
    await Promise.resolve()
    expect(mempool.size).toBe(0)
    intake.release()
    expect(texts(mempool)).toEqual(['a=1'])
    intake.hold()
    release.get('b=2')!()
    await Promise.resolve()
    expect(texts(mempool)).toEqual(['a=1'])
    intake.release()
    await Promise.all(admissions)
    expect(texts(mempool)).toEqual(['a=1', 'b=2', 'c=3'])
  })

  it('has room for as many as the mempool takes, and again when they are admitted', async () => {
    const { intake } = createIntake(undefined, 2)
    intake.hold()
    const first = [intake.submit(utf8('a=1')), intake.submit(utf8('b=1'))]
    const full = expect.objectContaining({ codespace: 'engine', code: 62 }) as unknown
    expect(() => intake.submit(utf8('c=1'))).toThrow(full)
    intake.release()
    await Promise.all(first)
    intake.hold()
    // The mempool itself is full now.
    expect(() => intake.submit(utf8('d=1'))).toThrow(full)
  })

  it('gives no place to what the mempool refuses, nor prepares it', () => {
    const prepared: Uint8Array[] = []
    const { intake, mempool } = createIntake((tx) => void prepared.push(tx))
    const code = (expected: number) =>
      expect.objectContaining({ codespace: 'engine', code: expected }) as unknown
    void intake.submit(utf8('a=1'))
    intake.hold()
    void intake.submit(utf8('b=1'))
    const large = new Uint8Array(mempool.options.txBytesMax + 1)
    expect(() => intake.submit(large)).toThrow(code(61))
    for (const text of ['a=1', 'b=1']) expect(() => intake.submit(utf8(text))).toThrow(code(60))
    expect(prepared.map((tx) => fromUtf8(tx))).toEqual(['a=1', 'b=1'])
  })

  it('has room for as many bytes as the mempool takes, and again when they are admitted', async () => {
    const mempool = new Mempool(createKeyValueApplication(), { bytesMax: 100 })
    mempool.setLimits({ dataBytesMax: 1_000_000n, gasMax: -1n })
    const intake = new TxIntake(mempool, undefined)
    const full = expect.objectContaining({ codespace: 'engine', code: 62 }) as unknown
    const held = (text: string) => {
      intake.hold()
      return intake.submit(utf8(`${text}=${'x'.repeat(38)}`))
    }
    const first = [held('a'), held('b')]
    expect(() => held('c')).toThrow(full)
    intake.release()
    await Promise.all(first)
    mempool.flush()
    const again = [held('d'), held('e')]
    expect(() => held('f')).toThrow(full)
    intake.release()
    await Promise.all(again)
  })

  it('tells each caller for himself what became of his transaction', async () => {
    const { intake, mempool } = createIntake()
    intake.hold()
    const [good, twice, bad, last] = ['a=1', 'a=1', 'bad', 'z=1'].map(async (text) =>
      intake.submit(utf8(text)),
    )
    intake.release()
    expect(await good).toMatchObject({ response: { code: 0 } })
    await expect(twice).rejects.toMatchObject({ codespace: 'engine', code: 60 })
    expect(await bad).toMatchObject({ response: { code: 2 } })
    expect(await last).toMatchObject({ response: { code: 0 } })
    expect(texts(mempool)).toEqual(['a=1', 'z=1'])
  })

  it('keeps its order through many times, though most of what came is long gone', async () => {
    const { intake, mempool } = createIntake()
    const admissions: unknown[] = []
    const expected: string[] = []
    for (let round = 0; round < 10; round++) {
      intake.hold()
      for (let i = 0; i <= round % 3; i++) {
        expected.push(`k${round}-${i}=1`)
        admissions.push(intake.submit(utf8(expected.at(-1)!)))
      }
      intake.release()
    }
    await Promise.all(admissions)
    expect(texts(mempool)).toEqual(expected)
  })
})
