// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Several calls in one transaction, all or none
abstract contract Multicall {
    /// @notice Makes each call on this contract for the same caller; the first that reverts reverts all with
    /// its own reason. A client update and the packets under it go in one transaction by this.
    /// @dev Each call is laid over the one before it in memory: a batch of packets costs no growing memory.
    function multicall(bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            bytes calldata data = calls[i];
            assembly ("memory-safe") {
                let free := mload(0x40)
                calldatacopy(free, data.offset, data.length)
                if iszero(delegatecall(gas(), address(), free, data.length, 0, 0)) {
                    returndatacopy(free, 0, returndatasize())
                    revert(free, returndatasize())
                }
            }
        }
    }
}
