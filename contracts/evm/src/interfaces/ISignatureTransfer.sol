// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title The part of Permit2 that a deposit uses
/// @notice Spec: Uniswap/permit2@cc56ad0f `src/interfaces/ISignatureTransfer.sol`.
interface ISignatureTransfer {
    struct TokenPermissions {
        address token;
        uint256 amount;
    }

    struct PermitTransferFrom {
        TokenPermissions permitted;
        uint256 nonce;
        uint256 deadline;
    }

    struct SignatureTransferDetails {
        address to;
        uint256 requestedAmount;
    }

    /// @notice Moves tokens of `owner`, who signed that the caller may; each nonce once.
    function permitTransferFrom(
        PermitTransferFrom memory permit,
        SignatureTransferDetails calldata transferDetails,
        address owner,
        bytes calldata signature
    ) external;
}
