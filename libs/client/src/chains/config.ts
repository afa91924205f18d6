// Where collateral lives: the chains that a client may deposit from. What stands here is trusted: a wrong
// vault
// is a lost deposit.
import { fromBase58 } from '@causeway/primitives'
import { errors } from '../errors.ts'
import { listAt, membersOf } from '../rpc/members.ts'
import type { Members } from '../rpc/members.ts'

/** A token of an EVM chain. */
export interface EvmToken {
  readonly symbol: string
  /** Of the ERC-20, `0x…`; of the chain's own coin that of its wrapped form. */
  readonly address: `0x${string}`
  readonly decimals: number
  /** Name and version of its EIP-2612 domain, where it has permits: no transaction for the allowance then. */
  readonly permit?: { readonly name: string; readonly version: string }
  /** The chain's own coin. */
  readonly native?: boolean
}

/** A token of Solana. */
export interface SolanaToken {
  readonly symbol: string
  /** Address of its mint, base58; of SOL that of its wrapped form. */
  readonly mint: string
  readonly decimals: number
  /** SOL: it is wrapped in the same transaction. */
  readonly native?: boolean
}

/** A token of a Cosmos chain. */
export interface CosmosToken {
  readonly symbol: string
  readonly denom: string
  readonly decimals: number
}

interface ChainBase {
  /** CAIP-2 or the Cosmos chain id. */
  readonly id: string
  readonly rpc: string
  /** The hub's client there, and that chain's client on the hub. */
  readonly client: string
  readonly hubClient: string
}

/** An EVM chain with a collateral vault. */
export interface EvmChain extends ChainBase {
  readonly kind: 'evm'
  readonly vault: `0x${string}`
  /** The IBC contract, whose events tell the packet. */
  readonly core: `0x${string}`
  readonly tokens: readonly EvmToken[]
}

/** A Cosmos chain. */
export interface CosmosChain extends ChainBase {
  readonly kind: 'cosmos'
  readonly prefix: string
  /** As CosmJS writes it: `0.001uzone`. */
  readonly gasPrice: string
  readonly tokens: readonly CosmosToken[]
}

/** Solana, with a collateral vault. */
export interface SolanaChain extends ChainBase {
  readonly kind: 'solana'
  /** Addresses of the programs, base58; the core's log tells the packet. */
  readonly vault: string
  readonly core: string
  readonly tokens: readonly SolanaToken[]
}

/** A chain that deposits come from. */
export type CollateralChain = EvmChain | CosmosChain | SolanaChain

/** A key that a configuration names; the file is read by who runs the program. */
export interface ConfiguredKey {
  readonly name: string
  readonly kind: 'evm' | 'cosmos' | 'solana' | 'session'
  /** Relative to the configuration. */
  readonly privateKeyFile: string
}

/** A client's configuration, as a file has it. */
export interface ClientConfig {
  readonly rpc: string
  /** Of the hub: a node of another chain is refused, so that nothing is signed for another one. */
  readonly chainId?: string
  readonly graphql?: string
  readonly chains: readonly CollateralChain[]
  readonly keys: readonly ConfiguredKey[]
}

const CHAINS_MAX = 100
const TOKENS_MAX = 1_000
const TEXT_MAX = 512

/** Reads a configuration (`.devnet/client.json`, say), given as parsed JSON. Throws `client/20`. */
export function readClientConfig(json: unknown): ClientConfig {
  const config = checked(() => membersOf(json, 'the configuration'))
  if (config['version'] !== 1) throw wrong('version', '1')
  const { graphql, chainId } = config
  return {
    rpc: text(config, 'rpc'),
    ...(chainId === undefined ? {} : { chainId: text(config, 'chainId') }),
    ...(graphql === undefined ? {} : { graphql: text(config, 'graphql') }),
    chains: objects(config, 'chains', CHAINS_MAX).map(chainOf),
    keys: objects(config, 'keys', CHAINS_MAX).map((key) => ({
      name: text(key, 'name'),
      kind: oneOf(key, 'kind', ['evm', 'cosmos', 'solana', 'session'] as const),
      privateKeyFile: text(key, 'privateKeyFile'),
    })),
  }
}

function chainOf(chain: Members): CollateralChain {
  const kind = oneOf(chain, 'kind', ['evm', 'cosmos', 'solana'] as const)
  const base = {
    id: text(chain, 'id'),
    rpc: text(chain, 'rpc'),
    client: text(chain, 'client'),
    hubClient: text(chain, 'hubClient'),
  }
  const tokens = objects(chain, 'tokens', TOKENS_MAX)
  if (kind === 'cosmos') {
    const terms = { prefix: text(chain, 'prefix'), gasPrice: text(chain, 'gasPrice') }
    return {
      kind,
      ...base,
      ...terms,
      tokens: tokens.map((token) => ({ ...named(token), denom: text(token, 'denom') })),
    }
  }
  if (kind === 'solana') {
    return {
      kind,
      ...base,
      vault: solanaAddress(chain, 'vault'),
      core: solanaAddress(chain, 'core'),
      tokens: tokens.map((token) => ({
        ...named(token),
        mint: solanaAddress(token, 'mint'),
        ...(token['native'] === true ? { native: true } : {}),
      })),
    }
  }
  return {
    kind,
    ...base,
    vault: evmAddress(chain, 'vault'),
    core: evmAddress(chain, 'core'),
    tokens: tokens.map((token) => ({
      ...named(token),
      address: evmAddress(token, 'address'),
      ...(token['permit'] === undefined ? {} : { permit: permitOf(token) }),
      ...(token['native'] === true ? { native: true } : {}),
    })),
  }
}

function named(token: Members): { readonly symbol: string; readonly decimals: number } {
  const { decimals } = token
  const isCount =
    typeof decimals === 'number' && Number.isInteger(decimals) && decimals >= 0 && decimals <= 77
  if (!isCount) throw wrong('decimals', 'a number from 0 to 77')
  return { symbol: text(token, 'symbol'), decimals }
}

function permitOf(token: Members): { readonly name: string; readonly version: string } {
  const permit = checked(() => membersOf(token['permit'], 'permit'))
  return { name: text(permit, 'name'), version: text(permit, 'version') }
}

function evmAddress(members: Members, name: string): `0x${string}` {
  const value = text(members, name)
  if (!/^0x[0-9a-fA-F]{40}$/.test(value)) throw wrong(name, '0x and 40 hex digits')
  return value.toLowerCase() as `0x${string}`
}

function solanaAddress(members: Members, name: string): string {
  const value = text(members, name)
  if (fromBase58(value)?.length !== 32) throw wrong(name, '32 bytes in base58')
  return value
}

function text(members: Members, name: string): string {
  const value = members[name]
  if (typeof value !== 'string' || value === '' || value.length > TEXT_MAX) throw wrong(name, 'a text')
  return value
}

function oneOf<Word extends string>(members: Members, name: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === members[name])
  if (found === undefined) throw wrong(name, words.join(' or '))
  return found
}

function objects(members: Members, name: string, lengthMax: number): Members[] {
  return checked(() => listAt(members, name, name, lengthMax).map((item) => membersOf(item, name)))
}

function checked<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    throw wrong('the configuration', error instanceof Error ? error.message : 'another form')
  }
}

function wrong(name: string, expected: string) {
  return errors.badArgument({ name: `configuration, ${name}`, expected })
}
