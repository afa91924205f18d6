// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Tokens in and out of a contract that owes them
/// @notice Odd tokens: what comes in counts as far as the balance grew (fee on transfer, rounding of rebasing
/// ones); a token of which the contract holds less than it owes takes nothing new and pays all alike.
library TokenFlow {
    using SafeERC20 for IERC20;

    error NothingReceived(address token);
    error ReceivedMoreThanSent(address token, uint256 sent, uint256 received);
    error TokenImpaired(address token, uint256 owed, uint256 held);

    /// @notice Moves tokens of `from`, who allowed it, to this contract.
    /// @param owed What this contract owes of the token so far.
    /// @return received By how much the balance grew: 1 … amount.
    function pull(IERC20 token, address from, uint256 amount, uint256 owed)
        internal
        returns (uint256 received)
    {
        uint256 held = requireWhole(token, owed);
        token.safeTransferFrom(from, address(this), amount);
        return measure(token, held, amount);
    }

    /// @notice What this contract holds, if it is at least what it owes.
    function requireWhole(IERC20 token, uint256 owed) internal view returns (uint256 held) {
        held = _held(token);
        require(held >= owed, TokenImpaired(address(token), owed, held));
    }

    /// @notice By how much the balance grew from `heldBefore`: 1 … sent.
    function measure(IERC20 token, uint256 heldBefore, uint256 sent)
        internal
        view
        returns (uint256 received)
    {
        uint256 held = _held(token);
        require(held > heldBefore, NothingReceived(address(token)));
        received = held - heldBefore;
        require(received <= sent, ReceivedMoreThanSent(address(token), sent, received));
    }

    /// @notice What is paid for `amount` of debt: all of it, or its share of what is left when that is less
    /// than all debts. Rounded down.
    function due(IERC20 token, uint256 amount, uint256 owed) internal view returns (uint256) {
        uint256 held = _held(token);
        return held >= owed ? amount : Math.mulDiv(amount, held, owed);
    }

    function _held(IERC20 token) private view returns (uint256) {
        return token.balanceOf(address(this));
    }
}
