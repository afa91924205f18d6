// Deposits from Cosmos chains: the message as CosmJS writes it, and chains that don't answer.
import { DirectSecp256k1Wallet } from '@cosmjs/proto-signing'
import { MsgTransfer as CosmjsTransfer } from 'cosmjs-types/ibc/applications/transfer/v1/tx'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MsgTransfer } from '@causeway/protocol/ibc/applications/transfer/v1/tx'
import { testSecret } from '../testing/hub.fixture.ts'
import { cosmosWallet } from '../wallets/cosmos-wallet.ts'
import { depositOnCosmos } from './cosmos-deposit.ts'

const chain = {
  kind: 'cosmos',
  id: 'zone-1',
  rpc: 'http://127.0.0.1:1',
  client: '07-tendermint-0',
  hubClient: '07-tendermint-0',
  prefix: 'zone',
  gasPrice: '0.001uzone',
  tokens: [{ symbol: 'USDZ', denom: 'uusd', decimals: 6 }],
} as const

describe('the transfer', () => {
  it('has the bytes that CosmJS gives it', () => {
    const text = fc.string({ maxLength: 64 })
    const amount = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map((each) => each.toString())
    const nanoseconds = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n })
    fc.assert(
      fc.property(
        text,
        text,
        amount,
        text,
        text,
        nanoseconds,
        (client, denom, units, sender, receiver, until) => {
          const value = {
            sourcePort: 'transfer',
            sourceChannel: client,
            token: { denom, amount: units },
            sender,
            receiver,
            timeoutHeight: { revisionNumber: 0n, revisionHeight: 0n },
            timeoutTimestamp: until,
          }
          const ours = MsgTransfer.encode(MsgTransfer.fromPartial(value)).finish()
          expect(ours).toEqual(CosmjsTransfer.encode(CosmjsTransfer.fromPartial(value)).finish())
        },
      ),
    )
  })

  it('to a chain that does not answer is an error of this package', async () => {
    const wallet = await cosmosWallet(await DirectSecp256k1Wallet.fromKey(testSecret('depositor'), 'cosmos'))
    const order = { amount: 1n, receiver: 'cway1', timeoutSeconds: 1n }
    const failing = (changes: object) =>
      depositOnCosmos({ ...chain, ...changes }, chain.tokens[0], wallet, order).then(
        () => 'nothing',
        ({ codespace, code }: { codespace: string; code: number }) => `${codespace}/${code}`,
      )
    expect(await failing({})).toBe('client/60')
    expect(await failing({ gasPrice: 'free' })).toBe('client/60')
  })
})
