// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title A dollar of the devnet: six decimals and EIP-2612 permits, as USDC has, and worth nothing
contract TestUsdc is ERC20Permit {
    /// @param holder Who gets all there will ever be.
    constructor(address holder, uint256 supply) ERC20("USD Coin", "USDC") ERC20Permit("USD Coin") {
        _mint(holder, supply);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
