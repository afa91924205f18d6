// The sign document of amino JSON, byte for byte as CosmJS makes it.
import { makeSignDoc, serializeSignDoc } from '@cosmjs/amino'
import { AminoTypes, createBankAminoConverters, createIbcAminoConverters } from '@cosmjs/stargate'
import { MsgSend as CosmjsSend } from 'cosmjs-types/cosmos/bank/v1beta1/tx'
import { MsgTransfer as CosmjsTransfer } from 'cosmjs-types/ibc/applications/transfer/v1/tx'
import { fromUtf8, isProtocolError, utf8 } from '@causeway/primitives'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allCodecs } from '../codecs.fixture.ts'
import { messageNames } from '../generated/message-names.ts'
import { MsgLinkWallet } from '../generated/causeway/accounts/v1/tx.ts'
import type { Any } from '../generated/google/protobuf/any.ts'
import { randomMessage } from '../strict/wire.fixture.ts'
import { adr036SignBytes, aminoMessage, aminoSignBytes, aminoType } from './amino.ts'

const types = new AminoTypes({ ...createBankAminoConverters(), ...createIbcAminoConverters() })
const codecs = await allCodecs()
const ours = Object.keys(messageNames).filter((name) => /^causeway\..*\.Msg\w+$/.test(name))

function ourBytes(messages: readonly Any[], memo: string, timeoutHeight = 0n): string {
  const fee = [{ denom: 'ucway', amount: '5000' }]
  return fromUtf8(
    aminoSignBytes({
      chainId: 'causeway-1',
      accountNumber: 7n,
      sequence: 3n,
      fee,
      gasLimit: 200_000n,
      memo,
      timeoutHeight,
      messages,
    }),
  )
}

function cosmjsBytes(
  messages: readonly { typeUrl: string; value: unknown }[],
  memo: string,
  timeout?: bigint,
): string {
  const fee = { amount: [{ denom: 'ucway', amount: '5000' }], gas: '200000' }
  const list = messages.map((message) => types.toAmino(message))
  return fromUtf8(serializeSignDoc(makeSignDoc(list, fee, 'causeway-1', memo, 7, 3, timeout)))
}

const text = fc.oneof(fc.string(), fc.constantFrom('<a & b>', '\u2028', 'é"\\', '\n'))
const coin = fc.record({ denom: text.filter((s) => s !== ''), amount: fc.nat().map((n) => `${n + 1}`) })

describe('amino JSON', () => {
  it('of MsgSend is what CosmJS signs', () => {
    const message = fc.record({
      fromAddress: text.filter(Boolean),
      toAddress: text.filter(Boolean),
      amount: fc.array(coin, { minLength: 1 }),
    })
    fc.assert(
      fc.property(message, text, (value, memo) => {
        const any = { typeUrl: '/cosmos.bank.v1beta1.MsgSend', value: CosmjsSend.encode(value).finish() }
        const theirs = cosmjsBytes([{ typeUrl: any.typeUrl, value }], memo, 99n)
        expect(ourBytes([any], memo, 99n)).toBe(theirs)
      }),
      { numRuns: 200 },
    )
  })

  it('of MsgTransfer is what CosmJS signs', () => {
    const message = fc.record({
      sourcePort: text.filter(Boolean),
      sourceChannel: text.filter(Boolean),
      token: coin,
      sender: text.filter(Boolean),
      receiver: text.filter(Boolean),
      timeoutHeight: fc.record({ revisionNumber: fc.bigInt(0n, 5n), revisionHeight: fc.bigInt(0n, 5n) }),
      // cosmjs-types writes numbers from 2^31 to 2^32 - 1 wrongly.
      timeoutTimestamp: fc.bigInt(0n, 2_147_483_647n),
      memo: text,
    })
    fc.assert(
      fc.property(message, (value) => {
        const full = CosmjsTransfer.fromPartial(value)
        const any = {
          typeUrl: '/ibc.applications.transfer.v1.MsgTransfer',
          value: CosmjsTransfer.encode(full).finish(),
        }
        expect(ourBytes([any], '')).toBe(cosmjsBytes([{ typeUrl: any.typeUrl, value: full }], ''))
      }),
      { numRuns: 200 },
    )
  })

  it('writes 64-bit numbers and bytes as text, 32-bit ones as numbers, and leaves defaults out', () => {
    const walletKey = { typeUrl: '/causeway.crypto.v1.SolanaPubKey', value: Uint8Array.of(1, 2) }
    const message = {
      account: 'a',
      walletKey,
      walletSignMode: 501,
      walletSignature: Uint8Array.of(3),
      expiresSeconds: 5n,
    }
    const any = {
      typeUrl: '/causeway.accounts.v1.MsgLinkWallet',
      value: MsgLinkWallet.encode(message).finish(),
    }
    expect(aminoMessage(any)).toEqual({
      type: 'causeway/MsgLinkWallet',
      value: {
        account: 'a',
        wallet_key: { type_url: '/causeway.crypto.v1.SolanaPubKey', value: 'AQI=' },
        wallet_sign_mode: 501,
        wallet_signature: 'Aw==',
        expires_seconds: 5n,
      },
    })
    expect(aminoMessage({ ...any, value: new Uint8Array(0) }).value).toEqual({})
  })

  it('differs for messages that differ', () => {
    const seen = new Map<string, string>()
    const any = fc
      .constantFrom(...ours)
      .chain((name) => randomMessage(name).map((wire) => ({ name, codec: codecs.get(name)!, wire })))
    fc.assert(
      fc.property(any, ({ name, codec, wire }) => {
        const value = codec.encode(codec.decode(Uint8Array.from(wire))).finish()
        const json = ourBytes([{ typeUrl: `/${name}`, value }], '')
        const bytes = `${name} ${Buffer.from(value).toString('hex')}`
        const before = seen.get(json)
        seen.set(json, bytes)
        return before === undefined || before === bytes
      }),
      { numRuns: 300 },
    )
  })

  it('has names that a Ledger shows, one a message, and none for what only relayers send', () => {
    const names = ours.map((name) => aminoType(`/${name}`)!)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name.length).toBeLessThan(40)
    expect(aminoType('/cosmos.bank.v1beta1.MsgSend')).toBe('cosmos-sdk/MsgSend')
    for (const typeUrl of ['/ibc.core.client.v1.MsgUpdateClient', '/causeway.ledger.v1.Query', 'x']) {
      expect(aminoType(typeUrl)).toBeUndefined()
      try {
        aminoMessage({ typeUrl, value: new Uint8Array(0) })
        expect.unreachable()
      } catch (error) {
        expect(isProtocolError(error) && error.code).toBe(41)
      }
    }
  })

  it('of arbitrary data is the document of ADR-036', () => {
    expect(fromUtf8(adr036SignBytes('cway1a', utf8('hi')))).toBe(
      '{"account_number":"0","chain_id":"","fee":{"amount":[],"gas":"0"},"memo":"",' +
        '"msgs":[{"type":"sign/MsgSignData","value":{"data":"aGk=","signer":"cway1a"}}],"sequence":"0"}',
    )
  })
})
