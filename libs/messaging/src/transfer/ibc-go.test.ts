// Differential tests against ibc-go v10.7.0: `vectors/transfer-goldens` wrote what it makes of the same
// transfers and bytes.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex, isProtocolError, toHex, utf8 } from '@causeway/primitives'
import { describe, expect, it } from 'vitest'
import { denominationPath, parseDenomination, voucherOf } from './denomination.ts'
import { escrowAddress } from './escrow-address.ts'
import { goText } from './go-text.ts'
import { TRANSFER_ENCODINGS, decodeTransfer, encodeTransfer } from './packet-data.ts'
import { SUCCESS_ACKNOWLEDGEMENT } from './transfer-acknowledgement.ts'
import { acknowledgedEvents, denominationEvents, timedOutEvents } from './transfer-events.ts'

interface GoTransfer {
  Denom: string
  Amount: string
  Sender: string
  Receiver: string
  Memo: string
}

interface Goldens {
  encoded: { transfer: GoTransfer; json: string; protobuf: string; abi: string }[]
  read: { name: string; encoding: string; value: string; accepted: boolean; transfer: GoTransfer | null }[]
  denoms: { path: string; base: string; hops: string[] | null; coin: string; json: string; valid: boolean }[]
  escrow: Record<string, string>
  ack: { success: string; successText: string; oddText: string; errorText: string }
  tokens: [string, string]
}

const FILE = join(import.meta.dirname, '../../vectors/ibc-go-v10.7.0-transfer.json')
const goldens = JSON.parse(readFileSync(FILE, 'utf8')) as Goldens

const ours = (transfer: GoTransfer) => ({
  denom: transfer.Denom,
  amount: BigInt(transfer.Amount),
  sender: transfer.Sender,
  receiver: transfer.Receiver,
  memo: transfer.Memo,
})

const payload = (encoding: string, value: Uint8Array) => ({
  sourcePort: 'transfer',
  destinationPort: 'transfer',
  version: 'ics20-1',
  encoding,
  value,
})

const read = (encoding: string, hex: string) => {
  try {
    return decodeTransfer(payload(encoding, fromHex(hex)))
  } catch (error) {
    if (isProtocolError(error)) return undefined
    throw error
  }
}

/** What ibc-go reads and we refuse, on purpose: bytes that two readers could take for different transfers. */
const STRICTER = new Set([
  'a member twice',
  'a member in capitals behind',
  'a member that folds to another',
  'null for a memo',
  'a lone surrogate',
  'invalid UTF-8',
  'a field twice',
  'trailing word',
  'trailing byte',
  'tuple elsewhere',
  'two fields at one place',
  'dirty padding',
  "amount '+5'",
  "amount '05'",
  "amount '010'",
  "amount '0x10'",
  "amount '0b11'",
  "amount '1_000'",
])

describe(`ibc-go: ${goldens.encoded.length} transfers in three encodings`, () => {
  goldens.encoded.forEach(({ transfer, json, protobuf, abi }, index) => {
    it.each([
      [TRANSFER_ENCODINGS.json, json],
      [TRANSFER_ENCODINGS.protobuf, protobuf],
      [TRANSFER_ENCODINGS.abi, abi],
    ])(`writes and reads transfer ${index} as %s`, (encoding, hex) => {
      expect(toHex(encodeTransfer(ours(transfer), encoding).value)).toBe(hex)
      expect(read(encoding, hex)).toEqual(ours(transfer))
    })
  })
})

describe(`ibc-go: ${goldens.read.length} values that someone might send`, () => {
  for (const { name, encoding, value, accepted, transfer } of goldens.read) {
    const stricter = accepted && STRICTER.has(name)
    const verdict = !accepted ? 'refused' : stricter ? 'refused here' : 'read alike'
    it(`${encoding}: ${name.slice(0, 60)} is ${verdict}`, () => {
      const mine = read(encoding, value)
      if (!accepted || stricter) expect(mine).toBeUndefined()
      else expect(mine).toEqual(ours(transfer!))
    })
  }

  it('names only strictness that ibc-go does not share', () => {
    const lenient = goldens.read.filter(({ accepted }) => accepted).map(({ name }) => name)
    for (const name of STRICTER) expect(lenient).toContain(name)
  })
})

describe(`ibc-go: ${goldens.denoms.length} denominations`, () => {
  for (const { path, base, hops, coin, json, valid } of goldens.denoms) {
    it(`${JSON.stringify(path.slice(0, 60))} is ${valid ? 'read alike' : 'refused'}`, () => {
      if (!valid) return expect(() => parseDenomination(path)).toThrow('denomination')
      const denomination = parseDenomination(path)
      expect(denomination.base).toBe(base)
      expect(denominationPath(denomination)).toBe(path)
      expect(voucherOf(path)).toBe(coin)
      if (hops !== null) {
        expect(denomination.hops.map((hop) => `${hop.portId}/${hop.channelId}`)).toEqual(hops)
      }
      if (json !== '') expect(denominationEvents(path)[0]!.attributes[1]!.value).toBe(json)
    })
  }
})

describe('ibc-go: the rest', () => {
  it('keeps the same escrow accounts', () => {
    for (const [clientId, address] of Object.entries(goldens.escrow)) {
      expect(toHex(escrowAddress(clientId))).toBe(address)
    }
  })

  it('acknowledges with the same bytes', () => {
    expect(SUCCESS_ACKNOWLEDGEMENT).toEqual(utf8(goldens.ack.success))
  })

  it('writes acknowledgements and tokens into events with the same words', () => {
    const data = { denom: 'uatom', amount: 5n, sender: 's', receiver: 'r', memo: '' }
    const text = (result: Uint8Array | undefined) =>
      acknowledgedEvents(data, { result })[0]!.attributes.find(({ key }) => key === 'acknowledgement')!.value
    expect(text(Uint8Array.of(1))).toBe(goldens.ack.successText)
    expect(text(undefined)).toBe(goldens.ack.errorText)
    const odd = Uint8Array.from([...utf8('a"\\\n\0'), 0xff, 0x7e])
    expect(`result:${goText(odd)} `).toBe(goldens.ack.oddText)
    const tokens = (denom: string) => timedOutEvents({ ...data, denom })[0]!.attributes[1]!.value
    expect([tokens('uatom'), tokens('transfer/07-tendermint-0/uatom')]).toEqual(goldens.tokens)
  })
})
