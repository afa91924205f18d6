// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { Claim, IExitVault } from "../interfaces/IExitVault.sol";
import { IIbcCore } from "../interfaces/IIbcCore.sol";
import { HubAddress } from "./HubAddress.sol";
import { TransferData } from "./TransferData.sol";

/// @title Exit desk: what a dead hub's books owed is paid out of the vault
/// @notice Over a client that was retired in the core, all is settled under its last accepted root: first
/// what was under way, then the owners, all of a line alike. Anyone may call; a proven claim names whom it
/// is paid to. Rules: contracts/evm/docs/vault.md, "exit mode".
/// @dev Part of the vault, which creates it; apart for the size of code.
contract ExitDesk {
    /// @notice From the opening of a line to its first payment: time for packets that are under way. As
    /// long is what was paid by a void claim kept for the packet that may be received in its place.
    uint256 public constant NOTICE_SECONDS = 7 days;

    /// @notice What owners share of a line.
    /// @param total All that the dead hub owes its owners there; zero if it never published that.
    /// @param pooled What was set aside for them so far.
    /// @param paid What they took of it.
    /// @param payableFrom In seconds; zero while the line is not open.
    struct Pool {
        uint256 total;
        uint256 pooled;
        uint256 paid;
        uint64 payableFrom;
    }

    /// @notice What a void claim returned to a line's escrow, out of reach of its owners.
    /// @param freeFrom In seconds.
    struct Kept {
        bytes32 lineHash;
        uint192 amount;
        uint64 freeFrom;
    }

    IExitVault public immutable vault;
    IIbcCore public immutable core;

    mapping(bytes32 lineHash => Pool) private _pools;
    mapping(bytes32 claimHash => uint256) private _paid;
    mapping(bytes32 lineHash => uint256) private _kept;
    mapping(uint256 id => Kept) private _keptOfClaim;

    /// @notice Exits over this line are paid from `payableFrom`; packets should be settled before.
    event ExitOpened(string clientId, address indexed token, uint256 total, uint64 payableFrom);
    /// @notice An owner in a dead hub's books was paid, or has a claim.
    event Exited(bytes20 indexed owner, address indexed token, address recipient, uint256 amount);
    /// @notice A claim proven above the exit height is no claim. The packet may be received by proof at the
    /// exit height; until `freeFrom` owners can't exit with what it would be paid of.
    event ClaimVoided(uint256 indexed id, string clientId, uint64 sequence, uint64 freeFrom);
    /// @notice What a void claim returned is for the owners of its line now.
    event ClaimFreed(uint256 indexed id, uint256 amount);

    error OpenAlready(string clientId, address token);
    error NotOpenYet(uint256 payableFrom);
    error NothingLeft(bytes20 owner, address token, uint256 paidBefore);
    error ClaimStands(uint256 id);
    error NothingKept(uint256 id);
    error NotFreeYet(uint256 freeFrom);

    constructor(IIbcCore core_) {
        vault = IExitVault(msg.sender);
        core = core_;
    }

    /// @notice Opens a line of a retired client for exits.
    /// @param total Proven: hub key `exit/total/<line>`, abi.encode(uint256 total); zero by proof that there
    /// is none.
    function open(string calldata clientId, address token, uint256 total, bytes calldata proof) external {
        bytes memory key = bytes.concat("exit/total/", _linePath(clientId, token));
        core.verifyAtExit(clientId, key, total == 0 ? bytes("") : abi.encode(total), proof);
        Pool storage pool = _pools[_lineHash(clientId, token)];
        require(pool.payableFrom == 0, OpenAlready(clientId, token));
        (pool.total, pool.payableFrom) = (total, uint64(block.timestamp + NOTICE_SECONDS));
        emit ExitOpened(clientId, token, total, pool.payableFrom);
    }

    /// @notice Pays what the books of a dead hub owed an owner: of a line that holds less than all its owners
    /// are owed, the owner's share, rounded down; more when more comes in later.
    /// @dev Proven under the client's last accepted root: hub key `exit/<owner>/<line>`, the owner as
    /// `cway1…` and the line by its full path there; value abi.encode(bytes32 recipient, uint256 amount).
    function exit(
        string calldata clientId,
        bytes20 owner,
        address token,
        address recipient,
        uint256 amount,
        bytes calldata proof
    ) external {
        // 1. Proven
        bytes memory key =
            bytes.concat("exit/", bytes(HubAddress.write(owner)), "/", _linePath(clientId, token));
        core.verifyAtExit(clientId, key, abi.encode(bytes32(uint256(uint160(recipient))), amount), proof);
        // 2. Open
        Pool storage pool = _pools[_lineHash(clientId, token)];
        require(pool.payableFrom != 0 && block.timestamp >= pool.payableFrom, NotOpenYet(pool.payableFrom));
        // 3. Write: what is due by now, without what was paid before
        bytes32 claimHash = keccak256(abi.encode(clientId, key));
        uint256 paidBefore = _paid[claimHash];
        uint256 due = _due(pool, clientId, token, amount, paidBefore);
        require(due != 0, NothingLeft(owner, token, paidBefore));
        _paid[claimHash] = paidBefore + due;
        pool.paid += due;
        // 4. Pay
        vault.payReserved(token, recipient, due);
        emit Exited(owner, token, recipient, due);
    }

    /// @notice Takes back a withdrawal that waited and was proven above the exit height of a client retired
    /// since: whoever signed that state also signed another. What was sent with its sequence is received by
    /// the core, proven under the last accepted root: it may be the same packet, sent before all that is in
    /// doubt.
    function voidClaim(uint256 id) external {
        Claim memory claim = vault.getClaim(id);
        require(
            core.isRetired(claim.clientId) && !core.isStanding(claim.clientId, claim.seenHeight),
            ClaimStands(id)
        );
        uint256 returned = vault.dropClaim(id);
        uint64 freeFrom = uint64(block.timestamp + NOTICE_SECONDS);
        if (returned != 0) {
            bytes32 lineHash = _lineHash(claim.clientId, claim.token);
            _kept[lineHash] += returned;
            // Escrow fits 128 bits
            // forge-lint: disable-next-line(unsafe-typecast)
            _keptOfClaim[id] = Kept(lineHash, uint192(returned), freeFrom);
        }
        core.reopenPacket(claim.clientId, claim.sequence, claim.commitment);
        emit ClaimVoided(id, claim.clientId, claim.sequence, freeFrom);
    }

    /// @notice Lets owners have what a void claim returned, after NOTICE_SECONDS.
    function freeClaim(uint256 id) external {
        Kept memory kept = _keptOfClaim[id];
        require(kept.amount != 0, NothingKept(id));
        require(block.timestamp >= kept.freeFrom, NotFreeYet(kept.freeFrom));
        delete _keptOfClaim[id];
        _kept[kept.lineHash] -= kept.amount;
        emit ClaimFreed(id, kept.amount);
    }

    /// @notice What owners share of a line; all zero while it is not open.
    function getPool(string calldata clientId, address token) external view returns (Pool memory) {
        return _pools[_lineHash(clientId, token)];
    }

    /// @notice What of a line's escrow owners can't exit with yet: void claims returned it lately.
    function keptFor(string calldata clientId, address token) external view returns (uint256) {
        return _kept[_lineHash(clientId, token)];
    }

    /// @notice What was paid of a claim so far.
    function paidTo(string calldata clientId, bytes20 owner, address token) external view returns (uint256) {
        bytes memory key =
            bytes.concat("exit/", bytes(HubAddress.write(owner)), "/", _linePath(clientId, token));
        return _paid[keccak256(abi.encode(clientId, key))];
    }

    /// @dev Sets aside what is missing, as far as the escrow goes. Books that don't add up are paid as far as
    /// what was set aside goes.
    function _due(
        Pool storage pool,
        string calldata clientId,
        address token,
        uint256 amount,
        uint256 paidBefore
    ) private returns (uint256 due) {
        uint256 total = pool.total;
        uint256 pooled = pool.pooled;
        // Without a total, owners are paid as they come
        uint256 wanted = total == 0 ? pool.paid + amount - paidBefore : total;
        if (wanted > pooled) {
            uint256 kept = _kept[_lineHash(clientId, token)];
            pool.pooled = (pooled += vault.reserve(clientId, token, wanted - pooled, kept));
        }
        uint256 share = total == 0 ? amount : Math.mulDiv(amount, pooled, total);
        return Math.min(share - paidBefore, pooled - pool.paid);
    }

    function _linePath(string calldata clientId, address token) private view returns (bytes memory) {
        return bytes.concat(TransferData.hopOf(core.counterpartyId(clientId)), bytes(vault.denomOf(token)));
    }

    function _lineHash(string memory clientId, address token) private pure returns (bytes32) {
        return keccak256(abi.encode(clientId, token));
    }
}
