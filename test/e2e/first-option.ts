// From an EVM wallet with USDC to an option: `node test/e2e/first-option.ts .devnet/client.json`
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { privateKeyToAccount } from 'viem/accounts'
import { connect, evmWallet, readClientConfig } from '@causeway/client'
import type { ConnectOptions, EvmWallet } from '@causeway/client'

/** Deposits 2,000 USDC, buys the first call that somebody sells, and gives what the account then has. */
export async function firstOption(options: ConnectOptions, wallet: EvmWallet) {
  const causeway = await connect(options)
  const trader = causeway.trader(wallet)
  const ethereum = options.chains?.find(({ kind }) => kind === 'evm')
  if (ethereum !== undefined) {
    const deposit = await trader.deposit({ chain: ethereum.id, token: 'USDC', amount: '2000' })
    console.log(await trader.awaitDeposit(deposit))
  }
  const calls = (await causeway.markets()).filter(({ optionType }) => optionType === 'call')
  for (const { symbol: market, lot: size } of calls) {
    if ((await causeway.book(market)).asks.length === 0) continue
    console.log(await causeway.whatIf(trader.address, [{ market, side: 'buy', size }]))
    console.log(await trader.order({ market, side: 'buy', size }))
    break
  }
  return await causeway.portfolio(trader.address)
}

if (import.meta.main) {
  const file = process.argv[2] ?? '.devnet/client.json'
  const config = readClientConfig(JSON.parse(readFileSync(file, 'utf8')))
  const { privateKeyFile } = config.keys.find(({ kind }) => kind === 'evm')!
  const key = readFileSync(join(dirname(file), privateKeyFile), 'utf8')
    .trim()
    .replace(/^0x/, '')
  console.log(await firstOption(config, evmWallet(privateKeyToAccount(`0x${key}`))))
}
