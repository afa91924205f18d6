import { blsKeyOf, hubAppState, zoneAppState } from '@causeway/hub'
import type { GenesisBalance, GenesisStake } from '@causeway/hub'
import type { JsonValue } from '@causeway/primitives'
import { CROWD, testAddress } from './accounts.ts'
import type { DevnetRole } from './accounts.ts'
import { ETHEREUM, HUB, SOLANA, TOKENS, UNIT, ZONE } from './facts.ts'
import { ASSETS, UNDERLYINGS } from './markets.ts'

/** Keys of the validator that signs in a home. */
export interface HomeValidator {
  /** Ed25519, 32 bytes. */
  readonly consensusKey: Uint8Array
  readonly blsSecret: Uint8Array
}

/** Voting power of the devnet's only validator. */
export const POWER = 10n

/**
 * A chain's part of its genesis: what the application reads, and the consensus parameters that differ from
 * the default.
 */
export interface ChainGenesis {
  readonly chainId: string
  readonly appState: (validator: HomeValidator) => JsonValue
  readonly consensusParams: Record<string, Record<string, string>>
}

const RELAYER_FUNDS = 1_000_000n * UNIT
const FEES = 1_000n * UNIT
const TRADER_TOKENS = 10_000n * UNIT
const CROWD_TOKENS = 500_000n * UNIT
const INSURANCE = 100_000n * UNIT

/**
 * The hub: fees in its own token, the other chains' tokens listed as collateral with haircuts for the clients
 * that the relayer opens, prices and surfaces from vote extensions, markets by rule. Stable tokens become
 * cash when they come in, or stay collateral.
 */
export function hubGenesis(stableTokens: 'cash' | 'collateral' = 'cash'): ChainGenesis {
  const options = {
    denom: HUB.feeDenom,
    gasPriceE9: gasPriceE9(HUB.gasPrice),
    balances: fees(HUB),
    cashGasPriceE9: gasPriceE9(HUB.gasPrice),
    assets: ASSETS.map((asset) => (stableTokens === 'cash' ? asset : { ...asset, isConvertible: false })),
    underlyings: UNDERLYINGS.map(({ priceE9: _price, volatilityBps: _volatility, ...terms }) => terms),
    listings: TOKENS.map(({ chainId, base, asset }) => {
      const listing = { creator: testAddress('relayer', HUB.prefix), chainId, base, asset }
      if (chainId === ETHEREUM.chainId)
        return { ...listing, clientType: 'ethereum' as const, contract: ETHEREUM.contracts.core }
      if (chainId === SOLANA.chainId)
        return { ...listing, clientType: 'solana' as const, contract: SOLANA.programs.core }
      return listing
    }),
  }
  return {
    chainId: HUB.chainId,
    appState: (validator) => hubAppState({ ...options, stake: stakeOf(validator) }),
    // The hub has its own block limits and wants to see everything; prices come with votes, from the first
    // block on.
    consensusParams: {
      block: { max_bytes: '-1', max_gas: '-1' },
      abci: { vote_extensions_enable_height: '1' },
    },
  }
}

/** The zone: a fee token and the token that the trader and the crowd deposit. */
export function zoneGenesis(): ChainGenesis {
  const tokens = (role: DevnetRole, amount: bigint): GenesisBalance => {
    return { holder: testAddress(role, ZONE.prefix), denom: ZONE.tokenDenom, amount }
  }
  const crowd = CROWD.flatMap((role) => [feesOf(role, ZONE), tokens(role, CROWD_TOKENS)])
  const appState = zoneAppState({
    denoms: [ZONE.feeDenom, ZONE.tokenDenom],
    balances: [...fees(ZONE), tokens('trader', TRADER_TOKENS), ...crowd],
    gasPrice: { denom: ZONE.feeDenom, priceE9: gasPriceE9(ZONE.gasPrice) },
  })
  return { chainId: ZONE.chainId, appState: () => appState, consensusParams: {} }
}

/** The trader is the validator's operator; epochs and votes are short enough to be watched. */
function stakeOf({ consensusKey, blsSecret }: HomeValidator): GenesisStake {
  const operator = testAddress('trader', HUB.prefix)
  const keys = { consensusKey, ...blsKeyOf(blsSecret, { chainId: HUB.chainId, operator }) }
  return {
    validators: [{ operator, ...keys, moniker: 'devnet', stake: POWER * UNIT }],
    staking: { epochBlocks: 20n },
    governance: { votingSeconds: 60n, timelockSeconds: 30n, deposit: UNIT },
    insurance: INSURANCE,
  }
}

function fees(chain: typeof HUB | typeof ZONE): GenesisBalance[] {
  return [feesOf('relayer', chain, RELAYER_FUNDS), feesOf('trader', chain)]
}

function feesOf(role: DevnetRole, { prefix, feeDenom }: typeof HUB | typeof ZONE, amount = FEES) {
  return { holder: testAddress(role, prefix), denom: feeDenom, amount }
}

/** `0.001` per unit of gas is 1,000,000 per 10⁹. */
function gasPriceE9(price: string): bigint {
  const [whole = '0', fraction = ''] = price.split('.')
  return BigInt(whole + fraction.padEnd(9, '0'))
}
