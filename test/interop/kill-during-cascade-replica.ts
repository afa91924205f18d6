// Run as a process of its own, `node kill-during-cascade-replica.ts FOLDER HUB_URL PORT`: a second node of
// the hub, which executes the blocks that the first one serves, on a state of its own. Of each block it
// tells, before it commits it, height and app hash, and what a full valuation of the state before that
// block says of each account whose liquidation begins in it. It answers on PORT while it follows.
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { Comet38Client } from '@cosmjs/tendermint-rpc'
import type { comet38 } from '@cosmjs/tendermint-rpc'
import { HUB_CHAIN_ID, createHubApplication, verifyNatively } from '@causeway/hub'
import { assert, toHex, utf8 } from '@causeway/primitives'
import {
  QueryLiquidationRequest,
  QueryLiquidationResponse,
} from '@causeway/protocol/causeway/liquidation/v1/query'
import type { Event, RequestFinalizeBlock, RequestInitChain } from '@causeway/protocol/tendermint/abci/types'
import { ConsensusParams } from '@causeway/protocol/tendermint/types/params'
import { openLmdbStorage } from '@causeway/state-tree'

const LOOK_MS = 50
const [folder, hubUrl, port] = process.argv.slice(2) as [string, string, string]
let connected: Comet38Client | undefined
/** Those of genesis: nobody bonds here. */
let validators: readonly comet38.Validator[] | undefined
mkdirSync(folder, { recursive: true })
const hub = createHubApplication({
  chainId: HUB_CHAIN_ID,
  storage: openLmdbStorage(folder, { durability: 'process-kill' }),
  verifySignatures: verifyNatively,
  keepVersions: 100n,
  priceSource: () => [],
})
if (hub.info().lastBlockHeight === 0n) hub.initChain(await patiently(genesis))
createServer((_, response) => response.end()).listen(Number(port), '127.0.0.1')
for (;;) execute(await patiently((client) => blockAt(client, hub.info().lastBlockHeight + 1n)))

function execute(request: RequestFinalizeBlock): void {
  const { appHash, events } = hub.finalizeBlock(request)
  for (const account of begun(events))
    process.stdout.write(`begun ${request.height} ${account} ${marginBefore(account)}\n`)
  process.stdout.write(`block ${request.height} ${toHex(appHash)}\n`)
  hub.commit()
}

function begun(events: readonly Event[]): string[] {
  return events.flatMap(({ type, attributes }) => {
    const told = Object.fromEntries(attributes.map(({ key, value }) => [key, value]))
    return type === 'causeway.liquidation.v1.stage' && told['before'] === 'none' ? [told['account']!] : []
  })
}

/** What is committed is still the state before the block. */
function marginBefore(account: string): string {
  const { code, value, log } = hub.query({
    path: '/causeway.liquidation.v1.Query/Liquidation',
    data: QueryLiquidationRequest.encode({ account }).finish(),
    ...{ height: 0n, prove: false },
  })
  assert(code === 0, log)
  return QueryLiquidationResponse.decode(value).maintenanceMarginE6
}

async function genesis(client: Comet38Client): Promise<RequestInitChain> {
  const { genesisTime, chainId, appState } = await client.genesis()
  const { validators } = await client.validatorsAll(1)
  return {
    ...{ time: timeOf(genesisTime), chainId, initialHeight: 1n },
    // As the genesis says; CosmJS leaves it out
    consensusParams: ConsensusParams.fromPartial({ abci: { voteExtensionsEnableHeight: 1n } }),
    validators: validators.map(({ pubkey, votingPower }) => ({
      ...{ pubKey: { ed25519: pubkey!.data }, power: votingPower },
    })),
    appStateBytes: utf8(JSON.stringify(appState)),
  }
}

/** The block, which may not be there yet: then it throws. */
async function blockAt(client: Comet38Client, height: bigint): Promise<RequestFinalizeBlock> {
  const { block, blockId } = await client.block(Number(height))
  const { header, lastCommit } = block
  return {
    ...{ txs: [...block.txs], hash: blockId.hash, height, misbehavior: [] },
    decidedLastCommit:
      height === 1n ? { round: 0, votes: [] } : await commitInfo(client, lastCommit!, height - 1n),
    time: timeOf(header.time),
    nextValidatorsHash: header.nextValidatorsHash,
    proposerAddress: header.proposerAddress,
  }
}

async function commitInfo(client: Comet38Client, { round, signatures }: comet38.Commit, height: bigint) {
  validators ??= (await client.validatorsAll(Number(height))).validators
  return {
    round,
    votes: validators.map(({ address, votingPower: power }, i) => ({
      ...{ validator: { address, power }, blockIdFlag: signatures[i]!.blockIdFlag as number as 2 },
    })),
  }
}

function timeOf(date: { getTime(): number; readonly nanoseconds?: number }) {
  const milliseconds = date.getTime()
  const nanos = (milliseconds % 1_000) * 1_000_000 + (date.nanoseconds ?? 0)
  return { seconds: BigInt(Math.floor(milliseconds / 1_000)), nanos }
}

/** Asks until the node is there and has it. */
async function patiently<T>(ask: (client: Comet38Client) => Promise<T>): Promise<T> {
  for (;;) {
    try {
      connected ??= await Comet38Client.connect(hubUrl)
      return await ask(connected)
    } catch {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  }
}
