import { describe, expect, it } from 'vitest'
import { Proof } from '@causeway/protocol/tendermint/crypto/proof'
import { ExecTxResult } from '@causeway/protocol/tendermint/abci/types'
import { Evidence } from '@causeway/protocol/tendermint/types/evidence'
import { ConsensusParams } from '@causeway/protocol/tendermint/types/params'
import { Commit, Header } from '@causeway/protocol/tendermint/types/types'
import { concatBytes, fromHex, sha256, toHex, utf8 } from '@causeway/primitives'
import { golden } from './golden-values.fixture.ts'
import {
  hashCommit,
  hashConsensusParams,
  hashEvidence,
  hashHeader,
  hashResults,
  hashTransactions,
} from './hashes.ts'
import { partSet } from './part-set.ts'

const EMPTY_HASH = toHex(sha256(new Uint8Array(0)))

describe('hashes equal CometBFT’s', () => {
  it('of headers', () => {
    for (const { header, hash } of golden.headers)
      expect(toHex(hashHeader(Header.decode(fromHex(header))))).toBe(hash)
  })

  it('of a header without a validators hash: none', () => {
    const header = Header.decode(fromHex(golden.headers[0]!.header))
    expect(hashHeader({ ...header, validatorsHash: new Uint8Array(0) }).length).toBe(0)
  })

  it('every one of a header’s fourteen fields counts', () => {
    const header = Header.decode(fromHex(golden.headers[0]!.header))
    const flip = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
    const changed: Header[] = [
      { ...header, version: { ...header.version!, block: 12n } },
      { ...header, version: { ...header.version!, app: 8n } },
      { ...header, chainId: 'causeway-2' },
      { ...header, height: header.height + 1n },
      { ...header, time: { ...header.time!, nanos: header.time!.nanos + 1 } },
      { ...header, lastBlockId: undefined },
    ]
    const hashes = [
      'lastCommitHash',
      'dataHash',
      'validatorsHash',
      'nextValidatorsHash',
      'consensusHash',
      'appHash',
      'lastResultsHash',
      'evidenceHash',
      'proposerAddress',
    ] as const
    for (const name of hashes) changed.push({ ...header, [name]: flip(header[name]) })
    expect(new Set([header, ...changed].map((each) => toHex(hashHeader(each)))).size).toBe(changed.length + 1)
  })

  it('of commits, with an absent signature too', () => {
    for (const { commit, hash } of [golden.commit, golden.absentCommit]) {
      expect(toHex(hashCommit(Commit.decode(fromHex(commit))))).toBe(hash)
    }
  })

  it('of an absent signature whose time is missing on the wire: Go’s zero time', () => {
    const commit = Commit.decode(fromHex(golden.absentCommit.commit))
    const signatures = commit.signatures.map((signature) =>
      signature.blockIdFlag === 1 ? { ...signature, timestamp: undefined } : signature,
    )
    expect(toHex(hashCommit({ ...commit, signatures }))).toBe(golden.absentCommit.hash)
  })

  it('of transactions, results, parameters and evidence', () => {
    const transactions = ['one', 'two', '', 'four', 'five'].map(utf8)
    expect(toHex(hashTransactions(transactions))).toBe(golden.transactions)
    const results = [
      ExecTxResult.fromPartial({}),
      ExecTxResult.fromPartial({
        code: 5,
        data: utf8('data'),
        log: 'log',
        gasWanted: 100000n,
        gasUsed: 77n,
        codespace: 'x',
      }),
      ExecTxResult.fromPartial({ gasUsed: 1n }),
    ]
    expect(toHex(hashResults(results))).toBe(golden.results)
    const params = ConsensusParams.fromPartial({ block: { maxBytes: BigInt(golden.maxBytes), maxGas: -1n } })
    expect(toHex(hashConsensusParams(params))).toBe(golden.params)
    const evidence = golden.evidence.list.map((piece) => Evidence.decode(fromHex(piece)))
    expect(evidence.length).toBe(2)
    expect(toHex(hashEvidence(evidence))).toBe(golden.evidence.hash)
  })

  it('of nothing: SHA-256 of nothing', () => {
    expect(toHex(hashEvidence([]))).toBe(golden.emptyEvidence)
    expect(toHex(hashTransactions([]))).toBe(EMPTY_HASH)
    expect(toHex(hashResults([]))).toBe(EMPTY_HASH)
  })
})

describe('partSet equals CometBFT’s', () => {
  it.each(golden.partSets.filter(([size]) => size !== '0'))('%s bytes', (size, total, hash, proof) => {
    const block = new Uint8Array(Number(size)).fill(7)
    const { header, parts } = partSet(block)
    expect([header.total, toHex(header.hash)]).toEqual([Number(total), hash])
    expect(parts.map((part) => part.index)).toEqual(Array.from({ length: header.total }, (_, i) => i))
    expect(toHex(concatBytes(...parts.map((part) => part.bytes)))).toBe(toHex(block))
    if (proof !== '') expect(toHex(Proof.encode(parts[1]!.proof!).finish())).toBe(proof)
  })

  it('an empty block, which does not exist, is one empty part', () => {
    expect(partSet(new Uint8Array(0)).header.total).toBe(1)
  })
})
