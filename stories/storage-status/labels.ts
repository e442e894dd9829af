import type { StorageProblem } from '@akin/react';

export type Problem = StorageProblem | 'degraded';

interface ProblemText {
  readonly title: string;
  /** What happened, and what still works. */
  readonly text: string;
  /** What its button does; without one there is nothing to press. */
  readonly action?: string;
}

/** Every word that is shown. */
export interface StorageLabels {
  readonly region: string;
  readonly documents: (count: number, formatted: string) => string;
  readonly used: (used: string, quota: string) => string;
  readonly meter: string;
  readonly kept: string;
  readonly notKept: string;
  readonly declined: string;
  readonly inMemory: string;
  readonly keep: string;
  readonly problems: Readonly<Record<Problem, ProblemText>>;
}

export const english: StorageLabels = {
  region: 'Storage on this device',
  documents: (count, formatted) => (count === 1 ? '1 document' : `${formatted} documents`),
  used: (used, quota) => `${used} of ${quota}`,
  meter: 'Space used by this site',
  kept: 'Kept on this device until you delete them.',
  notKept: 'The browser may clear them when space runs out.',
  declined: 'The browser declined for now. It may agree once you have used the app more.',
  inMemory: 'Only in this window.',
  keep: 'Keep them',
  problems: {
    'upgrade-required': {
      title: 'A newer version is open in another tab',
      text: 'This tab has stopped storing, so that nothing is mixed up. What was stored is safe.',
      action: 'Reload',
    },
    blocked: {
      title: 'Another tab is in the way',
      text: 'It still runs an older version. Close or reload the other tabs of this app.',
      action: 'Try again',
    },
    unavailable: {
      title: 'Your documents cannot be reached just now',
      text: 'The browser gives no access to what it stores. Nothing was deleted.',
      action: 'Try again',
    },
    locked: {
      title: 'Your documents are locked',
      text: 'They are encrypted, and open with your passphrase only.',
      action: 'Enter the passphrase',
    },
    evicted: {
      title: 'Your documents were cleared',
      text: 'The browser, or someone using it, deleted what this site had stored.',
      action: 'Add them again',
    },
    full: {
      title: 'There is no room left',
      text: 'What is stored stays and can be searched. Delete something to add more.',
      action: 'Try again',
    },
    ephemeral: {
      title: 'Nothing is kept after this window closes',
      text: 'The browser stores nothing here, as in private windows. Open the app in a normal one to keep your documents.',
    },
    degraded: {
      title: 'Searching is slower than usual',
      text: 'The search engine failed several times and is done without. Results stay right.',
      action: 'Reload',
    },
  },
};

export const german: StorageLabels = {
  region: 'Speicher auf diesem Gerät',
  documents: (count, formatted) => (count === 1 ? '1 Dokument' : `${formatted} Dokumente`),
  used: (used, quota) => `${used} von ${quota}`,
  meter: 'Von dieser Website belegter Speicherplatz',
  kept: 'Bleiben auf diesem Gerät, bis Sie sie löschen.',
  notKept: 'Der Browser kann sie löschen, wenn der Platz knapp wird.',
  declined: 'Der Browser hat vorerst abgelehnt. Später stimmt er vielleicht zu.',
  inMemory: 'Nur in diesem Fenster.',
  keep: 'Behalten',
  problems: {
    'upgrade-required': {
      title: 'In einem anderen Tab läuft eine neuere Version',
      text: 'Dieser Tab speichert nicht mehr, damit nichts durcheinandergerät. Gespeichertes ist sicher.',
      action: 'Neu laden',
    },
    blocked: {
      title: 'Ein anderer Tab ist im Weg',
      text: 'Dort läuft noch eine ältere Version. Schließen Sie die anderen Tabs dieser App oder laden Sie sie neu.',
      action: 'Erneut versuchen',
    },
    unavailable: {
      title: 'Ihre Dokumente sind gerade nicht erreichbar',
      text: 'Der Browser gibt keinen Zugriff auf seinen Speicher. Gelöscht wurde nichts.',
      action: 'Erneut versuchen',
    },
    locked: {
      title: 'Ihre Dokumente sind gesperrt',
      text: 'Sie sind verschlüsselt und öffnen sich nur mit Ihrer Passphrase.',
      action: 'Passphrase eingeben',
    },
    evicted: {
      title: 'Ihre Dokumente wurden gelöscht',
      text: 'Der Browser oder jemand, der ihn benutzt, hat die Daten dieser Website entfernt.',
      action: 'Erneut hinzufügen',
    },
    full: {
      title: 'Der Speicherplatz ist voll',
      text: 'Gespeichertes bleibt und lässt sich durchsuchen. Löschen Sie etwas, um Neues hinzuzufügen.',
      action: 'Erneut versuchen',
    },
    ephemeral: {
      title: 'Nach dem Schließen bleibt nichts erhalten',
      text: 'Der Browser speichert hier nichts, wie in privaten Fenstern. Öffnen Sie die App in einem normalen Fenster, um Ihre Dokumente zu behalten.',
    },
    degraded: {
      title: 'Die Suche ist langsamer als sonst',
      text: 'Die Suchmaschine ist mehrmals ausgefallen und wird umgangen. Die Ergebnisse bleiben richtig.',
      action: 'Neu laden',
    },
  },
};
