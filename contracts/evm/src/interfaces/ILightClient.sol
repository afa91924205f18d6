// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title A light client of a counterparty chain, as IbcCore uses it
/// @notice Names from ICS-02; shapes near solidity-ibc-eureka's ILightClient. A client has no owner: what it
/// accepts follows from its construction and from what the counterparty's validators signed.
interface ILightClient {
    /// @notice What an accepted client message did.
    enum UpdateResult {
        /// A consensus state was stored.
        Update,
        /// The message contradicts what was accepted before: the client is frozen from now on.
        Misbehaviour,
        /// The message repeats what is stored: nothing was written.
        NoOp,
        /// No state was stored, but something by which the client may be contradicted later.
        Learned
    }

    /// @notice ICS-02 status. Frozen prevails over Expired; neither ever ends.
    enum Status {
        Active,
        Frozen,
        Expired
    }

    /// @notice Verifies a client message and stores its consensus state.
    /// A message that is not valid reverts; one that is valid and contradicts the client's state freezes it
    /// and does not revert.
    /// @dev Reverts unless called by the core the client was made for (or by anyone, if it was made open).
    /// @param clientMessage What this kind of client reads; for HubClient `abi.encode(Header)`.
    function updateClient(bytes calldata clientMessage) external returns (UpdateResult result);

    /// @notice Freezes the client by two valid client messages that contradict each other.
    /// @dev Same caller as updateClient. Reverts unless the misbehaviour is proven.
    /// @param misbehaviourMessage For HubClient `abi.encode(Header, Header)`.
    function misbehaviour(bytes calldata misbehaviourMessage) external;

    /// @notice Returns if the counterparty stored exactly `value` at `path` at `height`, else reverts.
    /// Reverts unless the client is Active. Not a view: what it verified may shorten the next proof of the
    /// same transaction.
    /// @param path The counterparty's merkle prefix with the key appended to its last element.
    /// @param value Not empty.
    /// @return timestampSeconds The counterparty's time at `height`, in whole seconds.
    function verifyMembership(
        bytes calldata proof,
        uint64 height,
        bytes[] calldata path,
        bytes calldata value
    ) external returns (uint64 timestampSeconds);

    /// @notice Returns if the counterparty stored nothing at `path` at `height`, else reverts.
    /// Reverts unless the client is Active.
    /// @return timestampSeconds The counterparty's time at `height`, in whole seconds.
    function verifyNonMembership(bytes calldata proof, uint64 height, bytes[] calldata path)
        external
        returns (uint64 timestampSeconds);

    /// @notice As verifyMembership, for exit mode: under the consensus state at `exitHeight()`, and only
    /// while the client is Frozen or Expired. How long it has to be so is the caller's rule.
    function verifyMembershipAtExit(bytes calldata proof, bytes[] calldata path, bytes calldata value)
        external
        returns (uint64 timestampSeconds);

    /// @notice As verifyNonMembership, for exit mode: see verifyMembershipAtExit.
    function verifyNonMembershipAtExit(bytes calldata proof, bytes[] calldata path)
        external
        returns (uint64 timestampSeconds);

    /// @notice The client's status now.
    /// @return current Active, Frozen or Expired.
    /// @return stoppedAtSeconds The block time at which it was frozen, or the instant it expired, whichever
    /// was first; 0 while Active.
    function status() external view returns (Status current, uint64 stoppedAtSeconds);

    /// @notice The greatest height with a consensus state.
    function latestHeight() external view returns (uint64);

    /// @notice The height of the last accepted consensus state that nothing contradicts: the one exit claims
    /// are proven under. Equal to `latestHeight()` unless the client is Frozen.
    function exitHeight() external view returns (uint64);

    /// @notice The counterparty's time at a height with a consensus state, in whole seconds; reverts without
    /// one.
    function getTimestamp(uint64 height) external view returns (uint64 timestampSeconds);
}
