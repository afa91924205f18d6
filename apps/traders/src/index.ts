// The public door of @causeway/traders.
export {
  checkLiquidatorConfig,
  checkMarketMakerConfig,
  loadLiquidatorConfig,
  loadMarketMakerConfig,
} from './config/load-config.ts'
export type { LiquidatorConfig, LiquidatorConfigInput } from './config/liquidator-config.ts'
export type { MarketMakerConfig, MarketMakerConfigInput } from './config/market-maker-config.ts'
export { startLiquidator } from './liquidator/start-liquidator.ts'
export type { LiquidatorOptions, RunningLiquidator } from './liquidator/start-liquidator.ts'
export { startMarketMaker } from './market-maker/start-market-maker.ts'
export type { MarketMakerOptions, RunningMarketMaker } from './market-maker/start-market-maker.ts'
export { createLog } from './log.ts'
