import { describe, expect, it } from 'vitest'
import type { Evidence } from '@causeway/protocol/tendermint/types/evidence'
import type { Commit, Header } from '@causeway/protocol/tendermint/types/types'
import { ZERO_TIME } from '@causeway/light-clients'
import { fromBase64, fromHex, utf8 } from '@causeway/primitives'
import { parseTime } from '../chain/time.ts'
import {
  blockResultsJson,
  fullResultJson,
  infoJson,
  leanEventJson,
  leanFinalizeJson,
  leanResultJson,
  queryJson,
  validatorJson,
} from './abci.ts'
import { blockIdJson, blockJson, blockMetaJson, commitJson, evidenceJson, headerJson } from './block.ts'
import { base64OrNull, hex, listOrNull } from './scalars.ts'

/*
 * Texts that `cometbft` 0.38.26 with its builtin kvstore answered, as they came.
 */
const recorded = {
  header:
    '{"version":{"block":"11","app":"1"},"chain_id":"test-chain-7xBvnl","height":"2",' +
    '"time":"2026-11-21T12:30:58.681641893Z","last_block_id":{"hash":' +
    '"21E0621572DBEE0A7EB93DAF9E409E72B36F9517984CD422228801145761CE3F","parts":{"total":1,"hash":' +
    '"223DADAAEEA77331C0E580F3AEE64A3C2B105FBC40BC2BD331BAF1F5767A066A"}},"last_commit_hash":' +
    '"08B94090805C4633170B26E6B5E3F5754E01EBBB89A9D4D05C79981EF2794608","data_hash":' +
    '"E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855","validators_hash":' +
    '"B2081227639368B59700DE61B8FF4D4A8D7C7D243C22E071A93F0CA630057547","next_validators_hash":' +
    '"B2081227639368B59700DE61B8FF4D4A8D7C7D243C22E071A93F0CA630057547","consensus_hash":' +
    '"048091BC7DDC283F77BFBF91D73C44DA58C3DF8A9CBC867405D8B7F3DAADA22F","app_hash":"0000000000000000",' +
    '"last_results_hash":"E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",' +
    '"evidence_hash":"E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",' +
    '"proposer_address":"792BD2CB72635BB1D5D57E20FE6F0D597ED2C5A4"}',
  commit:
    '{"height":"2","round":0,"block_id":{"hash":' +
    '"04D48F1DE7CF3AC29B47E1903154CD4A19572759DF1010933A69E3305AD402E2","parts":{"total":1,"hash":' +
    '"EEFC4962F5198AE0E1BB7FB087E922E729B83C4AFD4042CF1F1B2F223D6444E3"}},"signatures":[{"block_id_flag":2,' +
    '"validator_address":"792BD2CB72635BB1D5D57E20FE6F0D597ED2C5A4",' +
    '"timestamp":"2026-11-21T12:30:59.191273327Z","signature":' +
    '"EQCsykKuqoonhAUQTdJLfxA4AHrGiUhzy22LVBuIVN0uHLuoV1dzacrTcV02k9u9URrCCdlb+ZVEDHb8hQzQDw=="}]}',
  query:
    '{"code":0,"log":"exists","info":"","index":"-1","key":"YQ==","value":"MQ==","proofOps":null,' +
    '"height":"7","codespace":""}',
  info:
    '{"data":"{\\"size\\":3}","version":"2.0.0","app_version":"1","last_block_height":"7",' +
    '"last_block_app_hash":"BgAAAAAAAAA="}',
  emptyResults:
    '{"height":"2","txs_results":null,"finalize_block_events":null,"validator_updates":null,' +
    '"consensus_param_updates":null,"app_hash":"AAAAAAAAAAA="}',
  checkTx:
    '{"code":0,"data":null,"log":"","info":"","gas_wanted":"1","gas_used":"0","events":[],"codespace":""}',
}

const blockId = (hash: string, parts: string): Header['lastBlockId'] => ({
  hash: fromHex(hash),
  partSetHeader: { total: 1, hash: fromHex(parts) },
})
const emptyHash = fromHex('E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855')
const validatorsHash = fromHex('B2081227639368B59700DE61B8FF4D4A8D7C7D243C22E071A93F0CA630057547')
const validator = fromHex('792BD2CB72635BB1D5D57E20FE6F0D597ED2C5A4')

const header: Header = {
  version: { block: 11n, app: 1n },
  chainId: 'test-chain-7xBvnl',
  height: 2n,
  time: parseTime('2026-11-21T12:30:58.681641893Z'),
  lastBlockId: blockId(
    '21E0621572DBEE0A7EB93DAF9E409E72B36F9517984CD422228801145761CE3F',
    '223DADAAEEA77331C0E580F3AEE64A3C2B105FBC40BC2BD331BAF1F5767A066A',
  ),
  lastCommitHash: fromHex('08B94090805C4633170B26E6B5E3F5754E01EBBB89A9D4D05C79981EF2794608'),
  dataHash: emptyHash,
  validatorsHash,
  nextValidatorsHash: validatorsHash,
  consensusHash: fromHex('048091BC7DDC283F77BFBF91D73C44DA58C3DF8A9CBC867405D8B7F3DAADA22F'),
  appHash: new Uint8Array(8),
  lastResultsHash: emptyHash,
  evidenceHash: emptyHash,
  proposerAddress: validator,
}

const commit: Commit = {
  height: 2n,
  round: 0,
  blockId: blockId(
    '04D48F1DE7CF3AC29B47E1903154CD4A19572759DF1010933A69E3305AD402E2',
    'EEFC4962F5198AE0E1BB7FB087E922E729B83C4AFD4042CF1F1B2F223D6444E3',
  ),
  signatures: [
    {
      blockIdFlag: 2,
      validatorAddress: validator,
      timestamp: parseTime('2026-11-21T12:30:59.191273327Z'),
      signature: fromBase64(
        'EQCsykKuqoonhAUQTdJLfxA4AHrGiUhzy22LVBuIVN0uHLuoV1dzacrTcV02k9u9URrCCdlb+ZVEDHb8hQzQDw==',
      ),
    },
  ],
}

const result = {
  code: 0,
  data: new Uint8Array(0),
  log: '',
  info: '',
  gasWanted: 0n,
  gasUsed: 0n,
  events: [],
  codespace: '',
}
const event = { type: 'app', attributes: [{ key: 'creator', value: 'x', index: true }] }
const response = {
  events: [],
  txResults: [],
  validatorUpdates: [],
  consensusParamUpdates: undefined,
  appHash: new Uint8Array(8),
}

describe('JSON of blocks', () => {
  it('is the text that CometBFT wrote', () => {
    expect(JSON.stringify(headerJson(header))).toBe(recorded.header)
    expect(JSON.stringify(commitJson(commit))).toBe(recorded.commit)
  })

  it('leaves out the version 0 of an application, and writes empty ids', () => {
    expect(headerJson({ ...header, version: { block: 11n, app: 0n } })).toMatchObject({
      version: { block: '11' },
    })
    expect(JSON.stringify(headerJson({ ...header, version: { block: 11n, app: 0n } }))).not.toContain(
      '"app":',
    )
    expect(blockIdJson(undefined)).toEqual({ hash: '', parts: { total: 0, hash: '' } })
  })

  it('has blocks with and without a last commit, and their summaries', () => {
    const block = { header, data: { txs: [utf8('a=1')] }, evidence: { evidence: [] }, lastCommit: commit }
    expect(blockJson(block)).toEqual({
      header: headerJson(header),
      data: { txs: ['YT0x'] },
      evidence: { evidence: [] },
      last_commit: commitJson(commit),
    })
    expect(
      blockJson({ ...block, data: undefined, evidence: undefined, lastCommit: undefined }),
    ).toMatchObject({
      data: { txs: [] },
      evidence: { evidence: [] },
      last_commit: null,
    })
    const meta = { blockId: commit.blockId, blockSize: 577n, header, numTxs: 1n }
    expect(blockMetaJson(meta)).toEqual({
      block_id: blockIdJson(commit.blockId),
      block_size: '577',
      header: headerJson(header),
      num_txs: '1',
    })
  })

  it('shows who is absent as Go does', () => {
    const none = new Uint8Array(0)
    const absent = { blockIdFlag: 1 as const, validatorAddress: none, timestamp: ZERO_TIME, signature: none }
    expect(commitJson({ ...commit, signatures: [absent] })).toMatchObject({
      signatures: [
        { block_id_flag: 1, validator_address: '', timestamp: '0001-01-01T00:00:00Z', signature: null },
      ],
    })
  })

  it('has evidence with the names of Go where there are no others', () => {
    const vote = {
      type: 2 as const,
      height: 2n,
      round: 0,
      blockId: commit.blockId,
      timestamp: header.time,
      validatorAddress: validator,
      validatorIndex: 3,
      signature: utf8('s'),
      extension: new Uint8Array(0),
      extensionSignature: new Uint8Array(0),
    }
    const evidence: Evidence = {
      duplicateVoteEvidence: {
        voteA: vote,
        voteB: vote,
        totalVotingPower: 10n,
        validatorPower: 5n,
        timestamp: header.time,
      },
    }
    const json = evidenceJson(evidence) as { type: string; value: Record<string, unknown> }
    expect(json.type).toBe('tendermint/DuplicateVoteEvidence')
    expect(Object.keys(json.value)).toEqual([
      'vote_a',
      'vote_b',
      'TotalVotingPower',
      'ValidatorPower',
      'Timestamp',
    ])
    expect(json.value['vote_a']).toEqual({
      type: 2,
      height: '2',
      round: 0,
      block_id: blockIdJson(commit.blockId),
      timestamp: '2026-11-21T12:30:58.681641893Z',
      validator_address: '792BD2CB72635BB1D5D57E20FE6F0D597ED2C5A4',
      validator_index: 3,
      signature: 'cw==',
      extension: null,
      extension_signature: null,
    })
  })
})

describe('JSON of ABCI', () => {
  it('is the text that CometBFT wrote', () => {
    const query = {
      code: 0,
      log: 'exists',
      info: '',
      index: -1n,
      key: utf8('a'),
      value: utf8('1'),
      proofOps: undefined,
      height: 7n,
      codespace: '',
    }
    expect(JSON.stringify(queryJson(query))).toBe(recorded.query)
    const info = {
      data: '{"size":3}',
      version: '2.0.0',
      appVersion: 1n,
      lastBlockHeight: 7n,
      lastBlockAppHash: fromBase64('BgAAAAAAAAA='),
    }
    expect(JSON.stringify(infoJson(info))).toBe(recorded.info)
    expect(JSON.stringify(blockResultsJson(2n, response))).toBe(recorded.emptyResults)
    expect(JSON.stringify(fullResultJson({ ...result, gasWanted: 1n }))).toBe(recorded.checkTx)
  })

  it('has proofs under their own name', () => {
    const ops = [{ type: 'ics23:iavl', key: utf8('k'), data: new Uint8Array(0) }]
    const query = { ...result, index: 0n, key: utf8('k'), value: utf8('v'), proofOps: { ops }, height: 1n }
    expect(queryJson(query)).toMatchObject({
      proofOps: { ops: [{ type: 'ics23:iavl', key: 'aw==', data: null }] },
    })
  })

  it('leaves out what is zero in lean messages only', () => {
    expect(leanResultJson(result)).toEqual({})
    expect(
      infoJson({ data: '', version: '', appVersion: 0n, lastBlockHeight: 0n, lastBlockAppHash: utf8('') }),
    ).toEqual({})
    expect(leanEventJson({ type: '', attributes: [] })).toEqual({})
    const whole = {
      code: 5,
      data: utf8('d'),
      log: 'l',
      info: 'i',
      gasWanted: 1n,
      gasUsed: 2n,
      events: [event],
      codespace: 'c',
    }
    const expected = {
      code: 5,
      data: 'ZA==',
      log: 'l',
      info: 'i',
      gas_wanted: '1',
      gas_used: '2',
      events: [event],
      codespace: 'c',
    }
    expect(leanResultJson(whole)).toEqual(expected)
    expect(fullResultJson(whole)).toEqual(expected)
  })

  it('has validator and parameter updates as Go structs', () => {
    const changed = {
      ...response,
      events: [event],
      txResults: [result],
      validatorUpdates: [
        { pubKey: { ed25519: new Uint8Array(32) }, power: 7n },
        { pubKey: { secp256k1: new Uint8Array(33) }, power: 0n },
      ],
      consensusParamUpdates: {
        block: { maxBytes: 5n, maxGas: -1n },
        evidence: { maxAgeNumBlocks: 1n, maxAgeDuration: { seconds: 2n, nanos: 5 }, maxBytes: 0n },
        validator: { pubKeyTypes: ['ed25519'] },
        version: { app: 3n },
        abci: { voteExtensionsEnableHeight: 9n },
      },
    }
    const updates = {
      validator_updates: [
        {
          pub_key: {
            Sum: {
              type: 'tendermint.crypto.PublicKey_Ed25519',
              value: { ed25519: Buffer.alloc(32).toString('base64') },
            },
          },
          power: '7',
        },
        {
          pub_key: {
            Sum: {
              type: 'tendermint.crypto.PublicKey_Secp256K1',
              value: { secp256k1: Buffer.alloc(33).toString('base64') },
            },
          },
        },
      ],
      consensus_param_updates: {
        block: { max_bytes: '5', max_gas: '-1' },
        evidence: { max_age_num_blocks: '1', max_age_duration: '2000000005' },
        validator: { pub_key_types: ['ed25519'] },
        version: { app: '3' },
        abci: { vote_extensions_enable_height: '9' },
      },
    }
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
    expect(plain(blockResultsJson(4n, changed))).toEqual({
      height: '4',
      txs_results: [fullResultJson(result)],
      finalize_block_events: [event],
      ...updates,
      app_hash: 'AAAAAAAAAAA=',
    })
    expect(plain(leanFinalizeJson(changed))).toEqual({
      events: [event],
      tx_results: [fullResultJson(result)],
      ...updates,
      app_hash: 'AAAAAAAAAAA=',
    })
  })

  it('has validators with their priorities', () => {
    const pubKey = { ed25519: new Uint8Array(32) }
    expect(validatorJson({ address: validator, pubKey, votingPower: 10n, proposerPriority: -5n })).toEqual({
      address: '792BD2CB72635BB1D5D57E20FE6F0D597ED2C5A4',
      pub_key: { type: 'tendermint/PubKeyEd25519', value: Buffer.alloc(32).toString('base64') },
      voting_power: '10',
      proposer_priority: '-5',
    })
  })
})

describe('scalars', () => {
  it('are null where Go has no slice', () => {
    expect([base64OrNull(utf8('')), base64OrNull(utf8('a'))]).toEqual([null, 'YQ=='])
    expect([listOrNull([], String), listOrNull([1], String)]).toEqual([null, ['1']])
    expect([hex(undefined), hex(Uint8Array.of(0xab, 1))]).toEqual(['', 'AB01'])
  })
})
