import { concatBytes, isProtocolError, sha256, toHex, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allCodecs } from '../codecs.fixture.ts'
import { messageNames } from '../generated/message-names.ts'
import { MsgSend } from '../generated/cosmos/bank/v1beta1/tx.ts'
import { MsgTransfer } from '../generated/ibc/applications/transfer/v1/tx.ts'
import { MsgVote } from '../generated/causeway/governance/v1/tx.ts'
import { checkStrict } from '../strict/decode-strict.ts'
import { randomMessage } from '../strict/wire.fixture.ts'
import { signingFields } from './field-names.ts'
import { messageLines, scaleOf } from './message-text.ts'
import { parseString, parseText } from './parse-text.fixture.ts'
import { readFields } from './read-fields.ts'
import { BYTES_SHOWN_MAX, textOfBytes, textOfScaled, textOfString } from './text-value.ts'
import { TEXT_LENGTH_MAX, transactionText, walletLinkText } from './transaction-text.ts'
import type { TransactionParts } from './transaction-text.ts'

const codecs = await allCodecs()
const messageTypes = Object.keys(messageNames).filter((name) => /\.Msg\w+$/.test(name))

const parts: TransactionParts = {
  chainId: 'causeway-1',
  account: 'cway1w508d6qejxtdg4y5r3zarvary0c5xw7kd4kfht',
  order: { sequence: 4n },
  fee: { denom: 'ucway', amount: '5000' },
  gasLimit: 200_000n,
  memo: '',
  timeoutHeight: 0n,
  messages: [],
}

function send(changes: Partial<MsgSend> = {}) {
  const message = { fromAddress: 'cway1a', toAddress: 'cway1b', amount: [{ denom: 'ucway', amount: '7' }] }
  return {
    typeUrl: '/cosmos.bank.v1beta1.MsgSend',
    value: MsgSend.encode({ ...message, ...changes }).finish(),
  }
}

function codeOf(run: () => unknown): string {
  try {
    run()
    return 'nothing'
  } catch (error) {
    if (!isProtocolError(error)) throw error
    return `${error.codespace}/${error.code}`
  }
}

/** Bytes that a text shows by their digest, by the words that stand for them. */
function longBytesOf(typeName: string, bytes: Uint8Array, found = new Map<string, Uint8Array>()) {
  const fields = signingFields(typeName)
  const values = readFields(bytes, fields)
  for (const { number, kind, typeName: inner } of fields) {
    for (const value of values.get(number) ?? []) {
      if (typeof value === 'bigint') continue
      if (kind === 'm') longBytesOf(inner, value, found)
      else if (kind === 'y') found.set(textOfBytes(value), value)
    }
  }
  return found
}

/** Random messages of all types that a transaction may hold, in canonical encoding. */
const anyMessage = fc.constantFrom(...messageTypes).chain((name) =>
  randomMessage(name).map((wire) => {
    const codec = codecs.get(name)!
    return { typeUrl: `/${name}`, value: codec.encode(codec.decode(Uint8Array.from(wire))).finish() }
  }),
)

describe('Text v1', () => {
  it('is what docs/signing.md shows', () => {
    const transfer = MsgTransfer.fromPartial({
      sourceClient: '',
      sourcePort: 'transfer',
      sourceChannel: 'ethereum-0',
      token: {
        denom: 'ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2',
        amount: '2500000',
      },
      sender: 'cway1w508d6qejxtdg4y5r3zarvary0c5xw7kd4kfht/3',
      receiver: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8',
      timeoutTimestamp: 1_700_003_600n,
    } as never)
    const value = MsgTransfer.encode(transfer).finish()
    const messages = [{ typeUrl: '/ibc.applications.transfer.v1.MsgTransfer', value }]
    expect(transactionText({ ...parts, memo: 'line one\nline two: "é"', timeoutHeight: 99n, messages })).toBe(
      `Causeway transaction v1
chain: causeway-1
account: cway1w508d6qejxtdg4y5r3zarvary0c5xw7kd4kfht
sequence: 4
fee: 5000 ucway
gas: 200000
memo: "line one\\nline two: \\"\\u00e9\\""
timeout height: 99
message 1 of 1: /ibc.applications.transfer.v1.MsgTransfer
source_port: transfer
source_channel: ethereum-0
token.denom: ibc/27394FB092D2ECCD56123C74F36E4C1F926001CEADA9CA97EA622B25F41E5EB2
token.amount: 2500000
sender: cway1w508d6qejxtdg4y5r3zarvary0c5xw7kd4kfht/3
receiver: 0x70997970c51812dc3a010c7d01b50e0d17dc79c8
timeout_timestamp: 1700003600
memo: ""
encoding: ""`,
    )
  })

  it('has one line a field, nested ones by their path, and says what is absent', () => {
    const name = 'cosmos.bank.v1beta1.MsgSend'
    expect(messageLines(name, send().value)).toEqual([
      'from_address: cway1a',
      'to_address: cway1b',
      'amount[0].denom: ucway',
      'amount[0].amount: 7',
    ])
    expect(messageLines(name, new Uint8Array(0))).toEqual(['from_address: ""', 'to_address: ""'])
    const vote = MsgVote.encode({ voter: 'v', proposalId: 0n, option: 0 }).finish()
    expect(messageLines('causeway.governance.v1.MsgVote', vote)).toEqual([
      'voter: v',
      'proposal_id: 0',
      'option: 0',
    ])
    const empty = Uint8Array.of(0x0a, 0)
    expect(messageLines('ibc.core.channel.v2.MsgRecvPacket', empty)[0]).toBe('packet.sequence: 0')
    expect(messageLines('causeway.governance.v1.MsgSubmitProposal', Uint8Array.of(0x22, 0))).toContain(
      'contents[0]: {}',
    )
  })

  it('has a nonce instead of a sequence where it is one, and says that nothing is paid', () => {
    const text = transactionText({ ...parts, order: { nonce: 1_700_000_000_123n }, fee: undefined })
    expect(text.split('\n').slice(3, 6)).toEqual(['nonce: 1700000000123', 'fee: none', 'gas: 200000'])
  })

  it('is read back to the same messages, whatever they hold: no two transactions have one text', () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 3 }), fc.string({ unit: 'binary' }), (messages, memo) => {
        const long = new Map<string, Uint8Array>()
        for (const { typeUrl, value } of messages) longBytesOf(typeUrl.slice(1), value, long)
        let text: string
        try {
          text = transactionText({ ...parts, memo, messages })
        } catch (error) {
          // Random messages may be longer than any text.
          return isProtocolError(error) && error.code === 40
        }
        const parsed = parseText(text, (line) => long.get(line)!)
        expect(parsed.messages.map(({ typeUrl, value }) => [typeUrl, toHex(value)])).toEqual(
          messages.map(({ typeUrl, value }) => [typeUrl, toHex(value)]),
        )
        return parseString(parsed.header.get('memo') ?? '') === memo.toWellFormed()
      }),
      { numRuns: 400 },
    )
  })

  it('is printable ASCII and line feeds, and no field makes a line', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\n',
        'a\nmessage 2 of 2: /x',
        '\r\n',
        '\u2028fee: none',
        '\u202e',
        ' x ',
        '"',
        '{}',
        '\u007f',
      ),
    )
    fc.assert(
      fc.property(hostile, hostile, hostile, (from, denom, memo) => {
        const message = send({
          fromAddress: from.toWellFormed(),
          amount: [{ denom: denom.toWellFormed(), amount: '1' }],
        })
        const text = transactionText({ ...parts, memo, messages: [message] })
        expect(text).toMatch(/^[\n -~]*$/)
        return text.split('\n').length === (memo === '' ? 11 : 12)
      }),
    )
  })

  it('differs for what differs in the header', () => {
    const texts = [
      {},
      { chainId: 'causeway-2' },
      { account: 'cway1other' },
      { order: { sequence: 5n } },
      { order: { nonce: 4n } },
      { fee: undefined },
      { fee: { denom: 'ucway', amount: '5001' } },
      { gasLimit: 1n },
      { memo: 'x' },
      { timeoutHeight: 1n },
      { messages: [send()] },
      { messages: [send(), send()] },
    ].map((changes) => transactionText({ ...parts, ...changes }))
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('exists only for what is known, canonical and short', () => {
    const text = (typeUrl: string, value: Uint8Array) =>
      codeOf(() => transactionText({ ...parts, messages: [{ typeUrl, value }] }))
    expect(text('/cosmos.bank.v1beta1.MsgMint', new Uint8Array(0))).toBe('protocol/41')
    expect(text('cosmos.bank.v1beta1.MsgSend', new Uint8Array(0))).toBe('protocol/41')
    expect(text('/cosmos.bank.v1beta1.MsgSendResponse', new Uint8Array(0))).toBe('protocol/41')
    const { typeUrl, value } = send()
    expect(text(typeUrl, value)).toBe('nothing')
    expect(text(typeUrl, concatBytes(value, Uint8Array.of(0x78, 1)))).toBe('protocol/20')
    // Turned fields and defaults written out mean the same, and would have the same text.
    expect(text(typeUrl, Uint8Array.of(0x12, 1, 0x61, 0x0a, 1, 0x61))).toBe('protocol/22')
    expect(text(typeUrl, Uint8Array.of(0x0a, 0))).toBe('protocol/22')
    expect(text(typeUrl, Uint8Array.of(0x0a, 1, 0x61, 0x0a, 1, 0x61))).toBe('protocol/21')
    expect(text(typeUrl, send({ toAddress: 'x'.repeat(TEXT_LENGTH_MAX) }).value)).toBe('protocol/40')
  })

  it('of a wallet that agrees to be linked', () => {
    const link = {
      chainId: 'causeway-1',
      account: 'cway1a',
      wallet: 'cway1b',
      expiresSeconds: 1_700_000_000n,
    }
    expect(walletLinkText(link)).toBe(
      `Causeway wallet link v1
chain: causeway-1
account: cway1a
wallet: cway1b
expires: 1700000000
effect: what the wallet's own account holds moves to the account, and its address names the account for ever`,
    )
  })
})

describe('values', () => {
  it('stand bare where they are plain, else as JSON in ASCII', () => {
    const cases: [string, string][] = [
      ['a', 'a'],
      ['a b: c', 'a b: c'],
      ['', '""'],
      [' a', '" a"'],
      ['a ', '"a "'],
      ['"a"', '"\\"a\\""'],
      ['a"', 'a"'],
      ['\n', '"\\n"'],
      ['é', '"\\u00e9"'],
      ['👍', '"\\ud83d\\udc4d"'],
      ['\u007f', '"\\u007f"'],
    ]
    for (const [value, text] of cases) expect([value, textOfString(value)]).toEqual([value, text])
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => parseString(textOfString(value)) === value),
    )
  })

  it('that are long stand by their digest', () => {
    const bytes = new Uint8Array(BYTES_SHOWN_MAX + 1)
    expect(textOfBytes(bytes.subarray(1))).toBe(`0x${'00'.repeat(BYTES_SHOWN_MAX)}`)
    expect(textOfBytes(bytes)).toBe(`sha256 0x${toHex(sha256(bytes))} of 97 bytes`)
    expect(textOfBytes(utf8(''))).toBe('0x')
  })

  it('of …_e9 fields are decimals', () => {
    const cases: [bigint, number, string][] = [
      [0n, 9, '0'],
      [1n, 9, '0.000000001'],
      [-1n, 9, '-0.000000001'],
      [3_000_500_000_000n, 9, '3000.5'],
      [-1_000_000n, 6, '-1'],
      [10n, 0, '10'],
    ]
    for (const [value, decimals, text] of cases) expect(textOfScaled(value, decimals)).toBe(text)
  })
})

describe('the tables', () => {
  it('name every field once, scaled or not', () => {
    for (const name of Object.keys(messageNames)) {
      const names = signingFields(name).flatMap((field) => [...new Set([field.name, scaleOf(field).name])])
      expect([name, new Set(names).size]).toEqual([name, names.length])
    }
  })

  it('have what strict decoding accepts', () => {
    for (const name of messageTypes) expect(() => checkStrict(name, new Uint8Array(0))).not.toThrow()
  })
})
