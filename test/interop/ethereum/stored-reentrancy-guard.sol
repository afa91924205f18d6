// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @notice Stands for OpenZeppelin's guard of this name where there is no transient storage (EIP-1153).
abstract contract ReentrancyGuardTransient {
    bool private _entered;

    error ReentrancyGuardReentrantCall();

    modifier nonReentrant() {
        if (_entered) revert ReentrancyGuardReentrantCall();
        _entered = true;
        _;
        _entered = false;
    }

    modifier nonReentrantView() {
        if (_entered) revert ReentrancyGuardReentrantCall();
        _;
    }

    function _reentrancyGuardEntered() internal view returns (bool) {
        return _entered;
    }
}
