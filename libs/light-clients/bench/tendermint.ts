import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeStrict } from '@causeway/protocol'
import { LightBlock } from '@causeway/protocol/tendermint/types/types'
import { fromHex } from '@causeway/primitives'
import {
  commitSignBytes,
  createNativeSignatureVerifier,
  hashValidatorSet,
  toNanoseconds,
  validateValidatorSet,
  verifyHeader,
} from '../src/index.ts'
import { measure, type Figure } from './measure.ts'

interface LightFile {
  now_unix: number
  trusting_period_s: number
  max_clock_drift_s: number
  light_blocks: { height: number; light_block: string }[]
}

/** Where the peers leave their light blocks. */
export function lightBlocksPath(): string {
  return (
    process.env.LIGHT_JSON ??
    join(process.env.PEERS_CACHE ?? join(homedir(), '.cache/causeway-peers'), 'comet-light/light.json')
  )
}

/** Measures header verification on the peers' light blocks (150 validators), on one thread. */
export function benchTendermint(path = lightBlocksPath()): Figure[] {
  const file = JSON.parse(readFileSync(path, 'utf8')) as LightFile
  const bytes = new Map(file.light_blocks.map((block) => [block.height, fromHex(block.light_block)]))
  const block = (height: number) => decode(bytes.get(height)!)
  const [b100, b101, b150] = [block(100), block(101), block(150)]
  const options = {
    trustLevel: { numerator: 1n, denominator: 3n },
    trustingPeriodNanoseconds: BigInt(file.trusting_period_s) * 1_000_000_000n,
    maxClockDriftNanoseconds: BigInt(file.max_clock_drift_s) * 1_000_000_000n,
    verifySignatures: createNativeSignatureVerifier(),
  }
  const now = BigInt(file.now_unix) * 1_000_000_000n
  const verify = (trusted: LightBlock, next: LightBlock) => {
    const { header } = trusted.signedHeader!
    verifyHeader(
      {
        chainId: header!.chainId,
        height: header!.height,
        timeNanoseconds: toNanoseconds(header!.time),
        nextValidatorsHash: header!.nextValidatorsHash,
      },
      trusted.validatorSet!,
      { signedHeader: next.signedHeader!, validators: next.validatorSet! },
      now,
      options,
    )
  }
  const note = 'one thread; libsodium, refusals re-checked by noble'
  const signature = signatureCheck(b101)
  return [
    measure('VerifyAdjacent, 150 validators', 200, `${note}; 101 signatures`, () => verify(b100, b101)),
    measure('VerifyNonAdjacent, 150 validators, 30 replaced', 200, `${note}; 51 + 101 signatures`, () =>
      verify(b100, b150),
    ),
    measure(
      'decode LightBlock protobuf + ValidateBasic + VerifyAdjacent',
      200,
      `${note}; strict decoding`,
      () => {
        const next = block(101)
        validateValidatorSet(next.validatorSet)
        verify(b100, next)
      },
    ),
    measure('one ed25519 signature', 2000, note, () => {
      if (options.verifySignatures([signature]) !== undefined) throw new Error('a good signature was refused')
    }),
    measure('ValidatorSet.Hash, 150 validators', 1000, '', () => void hashValidatorSet(b101.validatorSet!)),
  ]
}

function decode(bytes: Uint8Array): LightBlock {
  return decodeStrict(LightBlock, 'tendermint.types.LightBlock', bytes)
}

function signatureCheck({ signedHeader, validatorSet }: LightBlock) {
  const { header, commit } = signedHeader!
  const { signature, timestamp } = commit!.signatures[0]!
  return {
    publicKey: validatorSet!.validators[0]!.pubKey!.ed25519!,
    message: commitSignBytes(header!.chainId, commit!)(timestamp),
    signature,
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const figure of benchTendermint()) process.stdout.write(`${JSON.stringify(figure)}\n`)
}
