/// The types a parameter can have; each stands for one fixed OID of PostgreSQL's catalog.
///
/// Source: PostgreSQL 15, src/include/catalog/pg_type.dat.
package enum PostgresType: UInt8, Sendable, CaseIterable {
    case bool = 1
    case int16
    case int32
    case int64
    case float64
    case text
    case bytes
    case uuid
    case timestamp
    case date
    case jsonb
    case boolArray
    case int16Array
    case int32Array
    case int64Array
    case float64Array
    case textArray
    case bytesArray
    case uuidArray
    case timestampArray
    case dateArray
    case jsonbArray

    /// The type's OID.
    var oid: UInt32 {
        switch self {
        case .bool: 16
        case .int16: 21
        case .int32: 23
        case .int64: 20
        case .float64: 701
        case .text: 25
        case .bytes: 17
        case .uuid: 2950
        case .timestamp: 1184
        case .date: 1082
        case .jsonb: 3802
        case .boolArray: 1000
        case .int16Array: 1005
        case .int32Array: 1007
        case .int64Array: 1016
        case .float64Array: 1022
        case .textArray: 1009
        case .bytesArray: 1001
        case .uuidArray: 2951
        case .timestampArray: 1185
        case .dateArray: 1182
        case .jsonbArray: 3807
        }
    }
}
