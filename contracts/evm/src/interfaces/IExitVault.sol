// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { IIbcApplication } from "./IIbcApplication.sol";

/// @notice A payment that waits.
/// @param payableFrom Until when the outflow window holds it back, in seconds.
/// @param seenHeight What the client had seen of its counterparty when it proved the withdrawal: the proof is
/// at this height or below.
/// @param sequence The withdrawal's packet, and
/// @param commitment its commitment.
/// @param clientId The client whose proof it rests on; empty for what rests on nothing more: a refund, or a
/// payment of a dead client's books, that the token refused.
struct Claim {
    address token;
    uint64 payableFrom;
    address recipient;
    uint64 seenHeight;
    uint256 amount;
    uint64 sequence;
    bytes32 commitment;
    string clientId;
}

/// @title What ExitDesk needs of the vault
/// @notice What changes something is for ExitDesk only.
interface IExitVault is IIbcApplication {
    /// @notice Sets tokens of a client's escrow aside for exits, as many as there are up to `amountMax`, but
    /// leaves `kept` of them there.
    function reserve(string calldata clientId, address token, uint256 amountMax, uint256 kept)
        external
        returns (uint256 reserved);

    /// @notice Pays out of what was set aside; a payment that the token refuses becomes a claim.
    function payReserved(address token, address recipient, uint256 amount) external;

    /// @notice Takes a claim back: its amount returns to the escrow, or a voucher's is burned.
    /// @return returned What is escrow again.
    function dropClaim(uint256 id) external returns (uint256 returned);

    /// @notice A claim that is not paid yet. Reverts for any other.
    function getClaim(uint256 id) external view returns (Claim memory);

    /// @notice Full path of a token, as packets name it.
    function denomOf(address token) external view returns (string memory);
}
