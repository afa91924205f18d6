export { collateralValueE6, totalCollateralValueE6 } from './collateral-value.ts'
export type { Collateral } from './collateral-value.ts'
