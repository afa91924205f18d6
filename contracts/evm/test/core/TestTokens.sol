// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import { ERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @notice A plain ERC-20 with EIP-2612 that anyone mints.
contract TestToken is ERC20Permit {
    constructor() ERC20("Test dollar", "TUSD") ERC20Permit("Test dollar") { }

    function mint(address to, uint256 amount) external virtual {
        _mint(to, amount);
    }
}

/// @notice The behaviour of WETH9 that deposits rely on, its silent fallback included.
contract WrappedEther is ERC20("Wrapped Ether", "WETH") {
    fallback() external payable {
        deposit();
    }

    receive() external payable {
        deposit();
    }

    function deposit() public payable {
        _mint(msg.sender, msg.value);
    }
}
