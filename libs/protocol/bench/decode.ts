// Prints what decoding, strict decoding and encoding cost: `node libs/protocol/bench/decode.ts`.
import { randomBytes } from 'node:crypto'
import type { Codec } from '../src/codec.ts'
import { MsgSend } from '../src/generated/cosmos/bank/v1beta1/tx.ts'
import { AuthInfo, TxBody, TxRaw } from '../src/generated/cosmos/tx/v1beta1/tx.ts'
import { BlockIDFlag } from '../src/generated/tendermint/types/validator.ts'
import { LightBlock } from '../src/generated/tendermint/types/types.ts'
import { anyGeneratedType, checkStrict, decodeStrict } from '../src/strict/decode-strict.ts'

const time = { seconds: 1_700_000_000n, nanos: 123_456_789 }
const blockId = { hash: randomBytes(32), partSetHeader: { total: 1, hash: randomBytes(32) } }
const validators = Array.from({ length: 150 }, () => ({
  address: randomBytes(20),
  pubKey: { ed25519: randomBytes(32) },
  votingPower: 1_000_000n,
  proposerPriority: -12_345n,
}))

/** A light block as a header of 150 validators carries it. */
export const lightBlock = LightBlock.fromPartial({
  signedHeader: {
    header: {
      version: { block: 11n },
      chainId: 'causeway-1',
      height: 1_000_000n,
      time,
      lastBlockId: blockId,
      lastCommitHash: randomBytes(32),
      dataHash: randomBytes(32),
      validatorsHash: randomBytes(32),
      nextValidatorsHash: randomBytes(32),
      consensusHash: randomBytes(32),
      appHash: randomBytes(32),
      lastResultsHash: randomBytes(32),
      evidenceHash: randomBytes(32),
      proposerAddress: randomBytes(20),
    },
    commit: {
      height: 1_000_000n,
      blockId,
      signatures: validators.map(({ address }) => ({
        blockIdFlag: BlockIDFlag.BLOCK_ID_FLAG_COMMIT,
        validatorAddress: address,
        timestamp: time,
        signature: randomBytes(64),
      })),
    },
  },
  validatorSet: { validators, proposer: validators[0]! },
})

const send = MsgSend.fromPartial({
  fromAddress: 'cway1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5lzv7xu',
  toAddress: 'cway1zg69v7yszg69v7yszg69v7yszg69v7ys8xdv96',
  amount: [{ denom: 'ucway', amount: '1000000' }],
})
const body = TxBody.fromPartial({
  messages: [{ typeUrl: '/cosmos.bank.v1beta1.MsgSend', value: MsgSend.encode(send).finish() }],
})
const authInfo = AuthInfo.fromPartial({
  signerInfos: [
    {
      publicKey: {
        typeUrl: '/cosmos.crypto.secp256k1.PubKey',
        value: Uint8Array.from([10, 33, ...randomBytes(33)]),
      },
      modeInfo: { single: { mode: 1 } },
      sequence: 5n,
    },
  ],
  fee: { amount: [{ denom: 'ucway', amount: '500' }], gasLimit: 200_000n },
})
const raw = TxRaw.fromPartial({
  bodyBytes: TxBody.encode(body).finish(),
  authInfoBytes: AuthInfo.encode(authInfo).finish(),
  signatures: [randomBytes(64)],
})

/** Prints the fastest of 40 rounds: what the machine does besides only ever adds. */
function measure(title: string, act: () => void): void {
  for (let i = 0; i < 2_000; i++) act()
  let best = Infinity
  for (let round = 0; round < 40; round++) {
    const started = process.hrtime.bigint()
    for (let i = 0; i < 200; i++) act()
    best = Math.min(best, Number(process.hrtime.bigint() - started) / 200)
  }
  console.log(`${title.padEnd(60)} ${(best / 1000).toFixed(2).padStart(8)} µs`)
}

function compare<T>(title: string, codec: Codec<T>, typeName: string, message: T): void {
  const bytes = codec.encode(message).finish()
  measure(`${title} (${bytes.length} bytes): encode`, () => void codec.encode(message).finish())
  measure(`${title}: decode`, () => void codec.decode(bytes))
  measure(`${title}: check`, () => checkStrict(typeName, bytes))
  measure(`${title}: decodeStrict`, () => void decodeStrict(codec, typeName, bytes))
}

const rawBytes = TxRaw.encode(raw).finish()

function transaction(): void {
  const strict = { anyTypes: anyGeneratedType, canonical: true }
  const decoded = decodeStrict(TxRaw, 'cosmos.tx.v1beta1.TxRaw', rawBytes, strict)
  decodeStrict(TxBody, 'cosmos.tx.v1beta1.TxBody', decoded.bodyBytes, strict)
  decodeStrict(AuthInfo, 'cosmos.tx.v1beta1.AuthInfo', decoded.authInfoBytes, strict)
}

if (import.meta.main) {
  compare('light block of 150 validators', LightBlock, 'tendermint.types.LightBlock', lightBlock)
  compare('TxBody with MsgSend', TxBody, 'cosmos.tx.v1beta1.TxBody', body)
  measure('TxBody with MsgSend: check, Any included', () =>
    checkStrict('cosmos.tx.v1beta1.TxBody', raw.bodyBytes, { anyTypes: anyGeneratedType }),
  )
  measure('whole transaction, strict and canonical', transaction)
}
