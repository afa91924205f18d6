// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { TestToken } from "../core/TestTokens.sol";

/// @notice Takes a hundredth of every transfer.
contract FeeToken is TestToken {
    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, value);
        uint256 fee = value / 100;
        super._update(from, to, value - fee);
        if (fee != 0) super._update(from, address(0xFEE), fee);
    }
}

/// @notice Balances are shares of a pool that grows and shrinks.
contract RebasingToken is TestToken {
    uint256 public numerator = 100;

    function rebase(uint256 numerator_) external {
        numerator = numerator_;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return super.balanceOf(account) * numerator / 100;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0) || to == address(0)) return super._update(from, to, value);
        super._update(from, to, value * 100 / numerator);
    }
}

/// @notice As stETH: shares of a pool that holds a third more than there are, every amount rounded down.
contract ShareToken is TestToken {
    function balanceOf(address account) public view override returns (uint256) {
        return super.balanceOf(account) * 4 / 3;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value * 3 / 4);
    }
}

/// @notice As USDC: listed addresses neither send nor receive.
contract BlocklistToken is TestToken {
    mapping(address => bool) public blocked;

    error Blocked(address account);

    function setBlocked(address account, bool blocked_) external {
        blocked[account] = blocked_;
    }

    function _update(address from, address to, uint256 value) internal override {
        require(!blocked[from], Blocked(from));
        require(!blocked[to], Blocked(to));
        super._update(from, to, value);
    }
}

/// @notice As USDT: no return values.
contract NoReturnToken {
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function approve(address spender, uint256 amount) external {
        require(amount == 0 || allowance[msg.sender][spender] == 0, "approve zero first");
        allowance[msg.sender][spender] = amount;
    }

    function transfer(address to, uint256 amount) external {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
    }
}

/// @notice Says false instead of reverting.
contract FalseToken is TestToken {
    bool public refusing;

    function setRefusing(bool refusing_) external {
        refusing = refusing_;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        return !refusing && super.transfer(to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        return !refusing && super.transferFrom(from, to, amount);
    }
}

/// @notice On every transfer makes one call, and swallows what comes of it; may also burn all its gas, or
/// revert with an endless reason.
contract HookToken is TestToken {
    address public target;
    bytes public data;
    bool public didCall;
    bytes public lastReason;
    uint256 public burnGas;
    uint256 public bombBytes;

    function setHook(address target_, bytes calldata data_) external {
        (target, data, didCall) = (target_, data_, false);
    }

    function setBurn(uint256 gas_) external {
        burnGas = gas_;
    }

    function setBomb(uint256 bytes_) external {
        bombBytes = bytes_;
    }

    function _update(address from, address to, uint256 value) internal override {
        super._update(from, to, value);
        if (target != address(0) && !didCall) {
            didCall = true;
            (bool done, bytes memory reason) = target.call(data);
            lastReason = done ? bytes("") : reason;
        }
        uint256 gasBefore = gasleft();
        while (burnGas != 0 && gasBefore - gasleft() < burnGas) { }
        uint256 size = bombBytes;
        if (size != 0) {
            assembly {
                revert(0, size)
            }
        }
    }
}
