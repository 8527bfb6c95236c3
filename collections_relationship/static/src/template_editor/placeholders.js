import { user } from "@web/core/user";

/** Choices of all purposes, by language of the user; they change with the program only. */
const loaded = {};

/**
 * Return what can be filled in, with names a person understands.
 *
 * @param {object} orm
 * @returns {Promise<{choices: object[], byName: object, byPurpose: Object<string, Set<string>>, rightToLeft: Set<string>}>}
 */
export function loadPlaceholders(orm) {
    loaded[user.lang] ??= orm
        .call("collection.template", "placeholder_choices", [])
        .then(({ choices, by_purpose, right_to_left }) => ({
            choices,
            rightToLeft: new Set(right_to_left),
            byName: Object.fromEntries(choices.map((choice) => [choice.name, choice])),
            byPurpose: Object.fromEntries(
                Object.entries(by_purpose).map(([purpose, names]) => [purpose, new Set(names)])
            ),
        }));
    return loaded[user.lang];
}

/**
 * Return the choices a message of a purpose knows.
 *
 * @param {object} placeholders as `loadPlaceholders` gives them
 * @param {string|false} purpose
 * @param {boolean} withBlocks whether tables and buttons have a place
 */
export function choicesOf(placeholders, purpose, withBlocks = true) {
    const known = placeholders.byPurpose[purpose];
    return placeholders.choices.filter(
        (choice) => (!known || known.has(choice.name)) && (withBlocks || !choice.is_block)
    );
}
