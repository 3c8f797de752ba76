extension RequestFacts: ReferenceSource {
    /// The value of a header the platform's definition names; other headers were not kept.
    ///
    /// Searches the platform's table: for conditions and templates, not for signatures.
    package func header(_ name: String) -> String? {
        self.slot(for: name).flatMap { self.header($0) }
    }

    /// The first query parameter of that name, percent-decoded.
    ///
    /// Decodes the whole query: not for the way of every request.
    package func query(_ name: String) -> String? {
        let query = self.queryText
        return query.isEmpty ? nil : FormBody(bytes: Array(query.utf8)).first(name)
    }

    /// The request's method.
    package var method: String? { self.verb }

    /// The full public URL, joined from its parts.
    package var url: String? { self.origin + self.target }
}
