/** Example ideas, styles and a screenplay to start from. */

export const IDEAS = [
  {
    name: "The lighthouse letter",
    idea:
      "On the last night before her lighthouse is switched off for good, the keeper Mara finds a letter in a bottle " +
      "that was written by her own grandfather. A young sailor, Tomas, knocks at the door in the storm and asks for light. " +
      "She has to choose between the rules and the ship outside.",
  },
  {
    name: "Robot in the greenhouse",
    idea:
      "A small gardening robot, Pip, is left alone in a greenhouse at the edge of a snowed-in city. When a girl called " +
      "Noor breaks in to steal tomatoes for her brother, Pip decides that a thief may be the best friend a plant ever had.",
  },
  {
    name: "Last tram",
    idea:
      "Two strangers, the baker Elif and the night nurse Jonas, take the same last tram every night without a word. " +
      "Tonight it stops on the bridge in the fog, the lights go out, and they begin to talk.",
  },
];

export const SCREENPLAY = `Title: The Ferry at Dawn
Author: Callboard

EXT. FERRY LANDING - DAWN

Fog over grey water. ADA, 60, in a yellow raincoat, coils a rope. A young man, LEO, runs down the pier with a suitcase.

LEO
(out of breath)
Is this the boat to the island?

ADA
It is the boat. The island is another matter.

LEO
They told me it leaves at six.

ADA
They told you right. It has not decided about coming back.

Leo looks at the water, then at his suitcase. He steps aboard.

INT. FERRY WHEELHOUSE - DAY

Rain on the glass. Ada steers with one hand and pours tea with the other. Leo holds on to the rail.

LEO
Why did you keep the ferry? Nobody crosses any more.

ADA
You crossed.

She hands him the cup. Outside, the island comes out of the rain.

ADA (CONT'D)
There. Somebody has to know the way.

LEO
(smiling)
Then teach me.
`;
