package import PosternCrypto
internal import PosternModel
internal import PosternPostgres

/// What the operator changes: organizations, endpoints, their secrets, and the accounts of shared apps.
///
/// For a session of `postern_operator`. Each act is one transaction with its line in the audit log; gateways hear of it
/// by NOTIFY. Blocking: connection threads only.
package struct Administration: Sendable {
    let author: Author
    let keyring: SealingKeyring?

    /// Names who acts; `keyring` seals new secrets, and without it acts that store one are refused.
    package init(author: Author, sealing keyring: SealingKeyring?) {
        self.author = author
        self.keyring = keyring
    }

    /// Runs one act; whatever it throws, nothing of it is kept.
    ///
    /// `subject` is what a conflicting constraint is about.
    func act<Value>(
        _ connection: inout Connection,
        subject: String,
        within: Duration,
        _ body: (inout Connection) throws(ConfigurationError) -> Value
    ) throws(ConfigurationError) -> Value {
        // The transaction throws PostgreSQL's errors only; our own refusals travel beside one that makes it roll back.
        var refusal: ConfigurationError?
        do throws(PostgresError) {
            return try connection.transaction(within: within) { connection throws(PostgresError) in
                do throws(ConfigurationError) {
                    return try body(&connection)
                } catch {
                    refusal = error
                    throw .refused(sqlstate: "40000", message: "rolled back: \(error.code)")
                }
            }
        } catch {
            switch refusal {
            case nil: throw ConfigurationError(error, subject: subject)
            case .database(let cause): throw ConfigurationError(cause, subject: subject)
            case .some(let refusal): throw refusal
            }
        }
    }

    /// Runs one statement of an act.
    static func run(
        _ statement: Statement,
        _ connection: inout Connection,
        within: Duration,
        _ fill: (inout ParameterBuffer) -> Void
    ) throws(ConfigurationError) -> Rows {
        var parameters = ParameterBuffer()
        fill(&parameters)
        do throws(PostgresError) {
            return try connection.query(statement, parameters, within: within)
        } catch {
            throw .database(error)
        }
    }

    /// Reads a value of an answer.
    static func read<Value>(_ body: () throws(PostgresError) -> Value) throws(ConfigurationError) -> Value {
        do throws(PostgresError) {
            return try body()
        } catch {
            throw .database(error)
        }
    }

    private static let audit = Statement(
        "audit",
        """
        INSERT INTO postern.audit_log (id, org_id, who, origin, act, subject, before, after)
        VALUES ($1, $2, $3, $4, $5, $6, jsonb_object($7::text[], $8::text[]), jsonb_object($9::text[], $10::text[]))
        """,
        [.uuid, .uuid, .text, .text, .text, .text, .textArray, .textArray, .textArray, .textArray]
    )

    /// Writes the act's line in the audit log; `before` and `after` hold no secret.
    func audit(
        _ act: AuditedAct,
        of subject: String,
        organization: OrganizationID?,
        before: [String: String]? = nil,
        after: [String: String]? = nil,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) {
        func append(_ values: [String: String]?, _ parameters: inout ParameterBuffer) {
            guard let values else {
                parameters.appendNull()
                parameters.appendNull()
                return
            }
            let names = values.keys.sorted()
            parameters.append(names)
            parameters.append(names.map { values[$0, default: ""] })
        }
        _ = try Self.run(Self.audit, &connection, within: within) { parameters in
            parameters.append(UniqueID.timeOrdered(at: .now()))
            parameters.append(organization)
            parameters.append(self.author.who)
            parameters.append(self.author.origin)
            parameters.append(act.rawValue)
            parameters.append(subject)
            append(before, &parameters)
            append(after, &parameters)
        }
    }
}
