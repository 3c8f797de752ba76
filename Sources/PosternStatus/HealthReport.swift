internal import PosternJSON

/// Whether a process can do its work, component by component.
package struct HealthReport: Sendable {
    /// How well one component does.
    package enum State: String, Sendable {
        case ok
        /// Works, and somebody should look.
        case degraded
        /// Does not work: the process is not ready.
        case failing
    }

    /// One thing the process depends on.
    package struct Component: Sendable {
        /// The component's name: `database`, `migrations`, `backlog`.
        package let name: String
        /// How well it does.
        package let state: State
        /// Figures and reasons, in the order they are shown; no secret, no tenant's data.
        package let details: [(name: String, value: Detail)]

        /// Names a component and how it does.
        package init(_ name: String, _ state: State, _ details: [(name: String, value: Detail)] = []) {
            self.name = name
            self.state = state
            self.details = details
        }
    }

    /// A figure or a reason.
    package enum Detail: Sendable {
        case text(String)
        case number(Int64)
        case seconds(Double)
        case none
    }

    /// The components, in the order they are shown.
    package let components: [Component]
    private let process: String
    private let version: String

    /// Joins the components of a process (`gateway`, `consumer`).
    package init(process: String, version: String, components: [Component]) {
        self.process = process
        self.version = version
        self.components = components
    }

    /// The worst state of all components.
    package var state: State {
        if self.components.contains(where: { component in component.state == .failing }) { return .failing }
        return self.components.contains { component in component.state == .degraded } ? .degraded : .ok
    }

    /// The report for an operator.
    package var json: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("status", string: self.state.rawValue)
        writer.member("process", string: self.process)
        writer.member("version", string: self.version)
        writer.name("failing")
        writer.beginArray()
        for component in self.components where component.state == .failing { writer.string(component.name) }
        writer.endArray()
        writer.name("components")
        writer.beginObject()
        for component in self.components {
            writer.name(component.name)
            writer.beginObject()
            writer.member("status", string: component.state.rawValue)
            for (name, value) in component.details {
                writer.name(name)
                switch value {
                case .text(let text): writer.string(text)
                case .number(let number): writer.integer(number)
                case .seconds(let seconds): writer.number((seconds * 1000).rounded() / 1000)
                case .none: writer.null()
                }
            }
            writer.endObject()
        }
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}
