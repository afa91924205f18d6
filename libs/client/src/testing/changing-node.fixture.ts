// The RPC of a chain that a test makes up, whose validators change all the time; it may lie in any answer.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hashHeader } from '@causeway/light-clients/tendermint/hashes'
import {
  CHAIN_ID,
  equalSet,
  exampleCommit,
  exampleHeader,
} from '../../../light-clients/src/tendermint/example-chain.fixture.ts'
import { toBase64, toHexUpper } from '@causeway/primitives'
import type { Timestamp } from '@causeway/protocol'
import type { BlockID, Commit, Header } from '@causeway/protocol/tendermint/types/types'
import type { ValidatorSet } from '@causeway/protocol/tendermint/types/validator'

/** An answer of any form: lies know no types. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Answer = any

/** A node of such a chain. */
export interface ChangingNode {
  readonly url: string
  /** `commit 7` or `validators 8`: what was asked. */
  readonly asked: string[]
  /** Changes an answer. */
  lie: (asked: string, answer: Answer) => unknown
  hash(height: bigint): string
  stop(): Promise<void>
}

/** What validators a height has: four of equal power, one of whom leaves every three blocks. */
export function changingSet(height: bigint): ValidatorSet {
  return equalSet(4, 1n, Number(height / 3n))
}

/** A block of the chain as its RPC tells it; another chain has the same heights with other validators. */
export function blockJson(height: bigint, setOf = changingSet, change: Partial<Header> = {}) {
  const set = setOf(height)
  const header = exampleHeader(height, set, setOf(height + 1n), change)
  return { signed_header: { header: headerJson(header), commit: commitJson(exampleCommit(header, set)) } }
}

/** Starts a node with blocks 1 to `last`. */
export async function startChangingNode(last: bigint): Promise<ChangingNode> {
  const answers = (method: string, params: Record<string, string>): unknown => {
    const height = BigInt(params['height']!)
    if (method === 'validators') return validatorsJson(changingSet(height))
    return height > last ? undefined : blockJson(height)
  }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { id, method, params } = JSON.parse(Buffer.concat(chunks).toString())
      const asked = `${method} ${params.height}`
      node.asked.push(asked)
      const result = answers(method, params)
      const error = { code: -32603, message: 'Internal error', data: 'height is not available' }
      response.end(
        JSON.stringify(result === undefined ? { id, error } : { id, result: node.lie(asked, result) }),
      )
    })
  })
  const node: ChangingNode = {
    url: '',
    asked: [],
    lie: (_, answer) => answer,
    hash: (height) =>
      toHexUpper(hashHeader(exampleHeader(height, changingSet(height), changingSet(height + 1n)))),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(node, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

export { CHAIN_ID }

function validatorsJson({ validators }: ValidatorSet) {
  return {
    total: `${validators.length}`,
    validators: validators.map(({ address, pubKey, votingPower }) => ({
      address: toHexUpper(address),
      pub_key: { type: 'tendermint/PubKeyEd25519', value: toBase64(pubKey!.ed25519!) },
      voting_power: `${votingPower}`,
    })),
  }
}

function headerJson(header: Header) {
  return {
    version: { block: `${header.version!.block}` },
    chain_id: header.chainId,
    height: `${header.height}`,
    time: timeJson(header.time!),
    last_block_id: idJson(header.lastBlockId!),
    last_commit_hash: toHexUpper(header.lastCommitHash),
    data_hash: toHexUpper(header.dataHash),
    validators_hash: toHexUpper(header.validatorsHash),
    next_validators_hash: toHexUpper(header.nextValidatorsHash),
    consensus_hash: toHexUpper(header.consensusHash),
    app_hash: toHexUpper(header.appHash),
    last_results_hash: toHexUpper(header.lastResultsHash),
    evidence_hash: toHexUpper(header.evidenceHash),
    proposer_address: toHexUpper(header.proposerAddress),
  }
}

function commitJson(commit: Commit) {
  return {
    height: `${commit.height}`,
    round: commit.round,
    block_id: idJson(commit.blockId!),
    signatures: commit.signatures.map((each) => ({
      block_id_flag: each.blockIdFlag,
      validator_address: toHexUpper(each.validatorAddress),
      timestamp: timeJson(each.timestamp!),
      signature: toBase64(each.signature),
    })),
  }
}

function idJson({ hash, partSetHeader }: BlockID) {
  const parts = { total: partSetHeader!.total, hash: toHexUpper(partSetHeader!.hash) }
  return { hash: toHexUpper(hash), parts }
}

function timeJson({ seconds, nanos }: Timestamp): string {
  const text = new Date(Number(seconds) * 1_000).toISOString().slice(0, 19)
  return `${text}.${`${nanos}`.padStart(9, '0')}Z`
}
