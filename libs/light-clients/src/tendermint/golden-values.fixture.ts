import { readFileSync } from 'node:fs'

/** A validator as CometBFT left it after a step. */
interface GoldenValidator {
  address: string
  power: string
  priority: string
}

/** What CometBFT itself computed, for tests; messages are protobuf hex. */
export interface Golden {
  validatorSet: { set: string; hash: string }
  headers: { header: string; hash: string }[]
  commit: { commit: string; hash: string; signBytes: string[] }
  absentCommit: { commit: string; hash: string }
  vote: { vote: string; signBytes: string; extensionSignBytes: string }
  proposal: { proposal: string; signBytes: string }
  transactions: string
  results: string
  params: string
  maxBytes: string
  evidence: { list: string[]; hash: string }
  emptyEvidence: string
  partSets: [size: string, total: string, hash: string, proofOfPartOne: string][]
  rotation: {
    changes: { key: string; power: string }[]
    error: boolean
    times: number
    set: GoldenValidator[]
    proposer: string
    hash: string
  }[]
}

/** Values of CometBFT v0.38.26; `testdata/generate` makes them. */
export const golden = JSON.parse(
  readFileSync(new URL('../../testdata/cometbft-v0.38.26.json', import.meta.url), 'utf8'),
) as Golden
